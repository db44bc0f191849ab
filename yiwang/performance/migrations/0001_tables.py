import django.db.models.deletion
import yiwang.core.models.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('divisions', '0001_tables'),
    ]

    operations = [
        yiwang.core.models.tables.CreateTables(
            models=[
                migrations.CreateModel(
                    name='DaySummary',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('dimension', models.CharField(choices=[('all', '合计'), ('category', '类别'), ('channel', '来源'), ('unit', '单位')], max_length=8, verbose_name='维度')),
                        ('key', models.CharField(blank=True, max_length=20, verbose_name='键')),
                        ('accepted', models.IntegerField(default=0, verbose_name='受理')),
                        ('closed', models.IntegerField(default=0, verbose_name='办完')),
                        ('answered', models.IntegerField(default=0, verbose_name='办结')),
                        ('on_time', models.IntegerField(default=0, verbose_name='按时办结')),
                        ('responded', models.IntegerField(default=0, verbose_name='首次响应')),
                        ('prompt', models.IntegerField(default=0, verbose_name='及时响应')),
                        ('escalated', models.IntegerField(default=0, verbose_name='逐级上报')),
                        ('rated', models.IntegerField(default=0, verbose_name='评价')),
                        ('satisfied', models.IntegerField(default=0, verbose_name='满意')),
                        ('steps', models.IntegerField(default=0, verbose_name='办理环节')),
                        ('steps_on_time', models.IntegerField(default=0, verbose_name='按时环节')),
                    ],
                    options={
                        'verbose_name': '办件日统计',
                        'verbose_name_plural': '办件日统计',
                        'ordering': ['-on', 'division_id'],
                        'indexes': [models.Index(fields=['on'], name='day_summary_day')],
                        'constraints': [models.UniqueConstraint(fields=('division', 'dimension', 'on', 'key'), name='one_day_summary_a_key')],
                    },
                ),
                migrations.CreateModel(
                    name='KeptDay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('on', models.DateField(unique=True, verbose_name='日期')),
                    ],
                    options={
                        'verbose_name': '已统计的日期',
                        'verbose_name_plural': '已统计的日期',
                        'ordering': ['-on'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
            ],
        ),
    ]
