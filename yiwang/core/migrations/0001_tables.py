import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.functions.datetime
import yiwang.core.models.law
import yiwang.core.models.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        yiwang.core.models.tables.CreateTables(
            models=[
                migrations.CreateModel(
                    name='CalendarDay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('date', models.DateField(unique=True, verbose_name='日期')),
                        ('kind', models.CharField(choices=[('holiday', '法定节假日'), ('makeup', '调休上班'), ('weekend', '休息日'), ('workday', '工作日')], max_length=8, verbose_name='性质')),
                        ('name', models.CharField(blank=True, max_length=40, verbose_name='名称')),
                        ('name_en', models.CharField(blank=True, max_length=60, verbose_name='英文名称')),
                        ('provisional', models.BooleanField(default=False, verbose_name='暂定')),
                        ('source', models.CharField(blank=True, max_length=300, verbose_name='依据')),
                    ],
                    options={
                        'verbose_name': '日历',
                        'verbose_name_plural': '日历',
                        'ordering': ['date'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='InfectedFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division_key', models.BigIntegerField(db_index=True, verbose_name='区划')),
                        ('subject_model', models.CharField(max_length=60, verbose_name='对象')),
                        ('subject_id', models.BigIntegerField(verbose_name='对象编号')),
                        ('about', models.CharField(max_length=200, verbose_name='用于')),
                        ('file_name', models.CharField(max_length=200, verbose_name='文件名')),
                        ('digest', models.CharField(max_length=64, verbose_name='摘要')),
                        ('size', models.PositiveIntegerField(verbose_name='字节数')),
                        ('signature', models.CharField(max_length=120, verbose_name='病毒')),
                        ('path', models.CharField(max_length=120, verbose_name='隔离位置')),
                    ],
                    options={
                        'verbose_name': '带病毒的文件',
                        'verbose_name_plural': '带病毒的文件',
                        'ordering': ['-pk'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='JournalLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='时间')),
                        ('act', models.CharField(max_length=60, verbose_name='行为')),
                        ('user_id', models.BigIntegerField(null=True, verbose_name='人员')),
                        ('post_id', models.BigIntegerField(null=True, verbose_name='岗位')),
                        ('by', models.CharField(max_length=160, verbose_name='经办')),
                        ('subject_model', models.CharField(max_length=60, verbose_name='对象类型')),
                        ('subject_id', models.CharField(max_length=40, verbose_name='对象编号')),
                        ('division_key', models.BigIntegerField(null=True, verbose_name='区划')),
                        ('facts', models.JSONField(default=dict, verbose_name='内容')),
                        ('reason', models.CharField(blank=True, max_length=500, verbose_name='原因')),
                        ('channel', models.CharField(blank=True, max_length=20, verbose_name='渠道')),
                        ('address', models.CharField(blank=True, max_length=45, verbose_name='来源地址')),
                        ('idempotency_key', models.CharField(max_length=80, null=True, verbose_name='幂等键')),
                        ('fingerprint', models.BinaryField(max_length=16, null=True)),
                    ],
                    options={
                        'verbose_name': '日志',
                        'verbose_name_plural': '日志',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['subject_model', 'subject_id'], name='core_journa_subject_f8e39d_idx'), models.Index(fields=['division_key', '-at'], name='core_journa_divisio_5d8658_idx'), models.Index(fields=['user_id', '-at'], name='core_journa_user_id_b1c489_idx')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('idempotency_key__isnull', False)), fields=('user_id', 'post_id', 'idempotency_key'), name='one_answer_a_key', nulls_distinct=False)],
                    },
                ),
                migrations.CreateModel(
                    name='JournalSeal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='封存时间')),
                        ('lines', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None, verbose_name='日志编号')),
                        ('digests', models.BinaryField(verbose_name='各行摘要')),
                        ('previous', models.BinaryField(max_length=32, verbose_name='前一封印')),
                        ('digest', models.BinaryField(max_length=32, unique=True, verbose_name='封印')),
                    ],
                    options={
                        'verbose_name': '日志封印',
                        'verbose_name_plural': '日志封印',
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('previous',), name='one_seal_after_another')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='Parameter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('rule_id', models.CharField(max_length=60, verbose_name='规则编号')),
                        ('jurisdiction', models.CharField(blank=True, max_length=12, verbose_name='适用范围')),
                        ('effective_from', models.DateField(verbose_name='施行日期')),
                        ('effective_to', models.DateField(blank=True, null=True, verbose_name='失效日期')),
                        ('value', models.JSONField(verbose_name='数值')),
                        ('unit', models.CharField(blank=True, max_length=30, verbose_name='单位')),
                        ('source', models.CharField(max_length=300, verbose_name='依据')),
                        ('confidence', models.CharField(choices=[('C', '已核对条文'), ('P', '见于摘录'), ('A', '参照外省'), ('M', '待核对'), ('ours', '本系统建议')], max_length=4, verbose_name='可信度')),
                        ('name', models.CharField(max_length=200, verbose_name='名称')),
                        ('name_en', models.CharField(blank=True, max_length=200, verbose_name='英文名称')),
                        ('note', models.CharField(blank=True, max_length=500, verbose_name='备注')),
                    ],
                    options={
                        'verbose_name': '参数',
                        'verbose_name_plural': '参数',
                        'ordering': ['rule_id', 'jurisdiction', '-effective_from'],
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('rule_id', '='), ('jurisdiction', '='), (yiwang.core.models.law.DateRange('effective_from', 'effective_to', models.Value('[]')), '&&')], name='one_value_a_day')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='TaskRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('code', models.CharField(max_length=120, unique=True, verbose_name='任务')),
                        ('started_at', models.DateTimeField(null=True, verbose_name='最近开始')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='最近结束')),
                        ('done_at', models.DateTimeField(null=True, verbose_name='最近成功')),
                        ('result', models.CharField(blank=True, max_length=200, verbose_name='结果')),
                        ('failed_at', models.DateTimeField(null=True, verbose_name='最近出错')),
                        ('error', models.CharField(blank=True, max_length=200, verbose_name='错误')),
                        ('runs', models.BigIntegerField(default=0, verbose_name='运行次数')),
                        ('failures', models.BigIntegerField(default=0, verbose_name='出错次数')),
                    ],
                    options={
                        'verbose_name': '后台任务',
                        'verbose_name_plural': '后台任务',
                        'ordering': ['code'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
            ],
        ),
    ]
