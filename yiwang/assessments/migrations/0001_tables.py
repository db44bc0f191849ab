import django.db.models.deletion
import yiwang.core.models.fields
import yiwang.core.models.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('divisions', '0001_tables'),
        ('residents', '0001_tables'),
    ]

    operations = [
        yiwang.core.models.tables.CreateTables(
            models=[
                migrations.CreateModel(
                    name='PersonAssessment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('resident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='residents.resident', verbose_name='居民')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='社区')),
                        ('scale', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='assessments.scale', verbose_name='评估表')),
                        ('reason', models.CharField(choices=[('first', '首次评估'), ('routine', '到期复评'), ('changed', '情况变化'), ('doubted', '对结果有异议')], max_length=8, verbose_name='评估原因')),
                        ('state', models.CharField(choices=[('draft', '评估中'), ('submitted', '待第二人确认'), ('final', '已生效'), ('withdrawn', '已作废')], default='draft', max_length=9, verbose_name='状态')),
                        ('said', yiwang.core.models.fields.EncryptedTextField(blank=True, editable=True, null=True, verbose_name='评估内容')),
                        ('total', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='总分')),
                        ('grade', models.CharField(blank=True, max_length=20, verbose_name='等级')),
                        ('subsidy', models.CharField(blank=True, max_length=20, verbose_name='补助档次')),
                        ('assessed_on', models.DateField(blank=True, null=True, verbose_name='评估日期')),
                        ('valid_until', models.DateField(blank=True, null=True, verbose_name='有效至')),
                        ('decided_on', models.DateField(blank=True, null=True, verbose_name='生效日期')),
                        ('first_by', models.CharField(max_length=160, verbose_name='评估人')),
                        ('first_user_id', models.BigIntegerField(blank=True, null=True)),
                        ('second_by', models.CharField(blank=True, max_length=160, verbose_name='第二评估人')),
                        ('second_user_id', models.BigIntegerField(blank=True, null=True)),
                        ('objected_on', models.DateField(blank=True, null=True, verbose_name='提出异议日期')),
                        ('objected_by', models.CharField(blank=True, max_length=160, verbose_name='提出人')),
                        ('objection', yiwang.core.models.fields.EncryptedTextField(blank=True, editable=True, null=True, verbose_name='异议')),
                        ('again_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='again', to='assessments.personassessment', verbose_name='复评的是')),
                    ],
                    options={
                        'verbose_name': '个人评估',
                        'verbose_name_plural': '个人评估',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['division', '-id'], name='assessed_in_place'), models.Index(condition=models.Q(('state', 'final')), fields=['division', 'valid_until'], name='assessment_ending'), models.Index(fields=['resident', '-assessed_on'], name='assessment_of_person')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'submitted'))), fields=('resident',), name='one_open_assessment'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'final'), _negated=True), models.Q(('assessed_on__isnull', False), ('total__isnull', False), ('valid_until__isnull', False), models.Q(('grade', ''), _negated=True)), _connector='OR'), name='final_assessment_has_its_grade'), models.CheckConstraint(condition=models.Q(('second_user_id', None), models.Q(('second_user_id', models.F('first_user_id')), _negated=True), _connector='OR'), name='two_assessors_are_two_people')],
                    },
                ),
                migrations.CreateModel(
                    name='Scale',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('code', models.SlugField(max_length=40, verbose_name='编码')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='版本')),
                        ('content', models.JSONField(verbose_name='内容')),
                        ('effective_from', models.DateField(verbose_name='起用日期')),
                        ('by_label', models.CharField(max_length=160, verbose_name='发布人')),
                    ],
                    options={
                        'verbose_name': '评估表',
                        'verbose_name_plural': '评估表',
                        'ordering': ['code', '-number'],
                        'constraints': [models.UniqueConstraint(fields=('code', 'number'), name='one_scale_a_number')],
                        'indexes': [],
                    },
                ),
            ],
        ),
    ]
