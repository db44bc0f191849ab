import django.contrib.postgres.fields
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
                    name='ProfileValue',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='profile', to='divisions.division', verbose_name='社区')),
                        ('indicator', models.CharField(choices=[('households', '家庭数（户）'), ('residents', '常住人口（人）'), ('registered', '户籍人口（人）'), ('elders', '老年人（人）'), ('seniors', '高龄老人（人）'), ('groups', '村（居）民小组（个）'), ('area', '区域面积（平方公里）')], max_length=12, verbose_name='指标')),
                        ('value', models.DecimalField(decimal_places=3, max_digits=12, verbose_name='数值')),
                        ('as_of', models.DateField(verbose_name='统计日期')),
                        ('source', models.CharField(max_length=200, verbose_name='来源')),
                        ('author', models.CharField(max_length=160, verbose_name='填报人')),
                    ],
                    options={
                        'verbose_name': '社区基本情况',
                        'verbose_name_plural': '社区基本情况',
                        'ordering': ['-as_of', '-pk'],
                        'indexes': [models.Index(fields=['division', 'indicator', '-as_of', '-id'], name='profile_newest')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='a_denominator_is_not_negative')],
                    },
                ),
                migrations.CreateModel(
                    name='Summary',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='summaries', to='divisions.division', verbose_name='区划')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('cells', models.JSONField(default=dict, verbose_name='分项数')),
                        ('cuts', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None, verbose_name='年龄分段')),
                        ('frozen', models.BooleanField(default=False, verbose_name='已冻结')),
                    ],
                    options={
                        'verbose_name': '每日统计',
                        'verbose_name_plural': '每日统计',
                        'ordering': ['-on', 'division_id'],
                        'indexes': [models.Index(fields=['on'], name='summary_day')],
                        'constraints': [models.UniqueConstraint(fields=('division', 'on'), name='one_summary_a_place_a_day')],
                    },
                ),
            ],
        ),
    ]
