import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import yiwang.core.models.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('divisions', '0001_tables'),
    ]

    operations = [
        yiwang.core.models.tables.CreateTables(
            models=[
                migrations.CreateModel(
                    name='Agreement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='使用单位')),
                        ('title', models.CharField(max_length=80, verbose_name='名称')),
                        ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None, verbose_name='信息项')),
                        ('clear', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='不遮盖的信息项')),
                        ('areas', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None, verbose_name='范围')),
                        ('age_from', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='年龄从（岁）')),
                        ('age_to', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='年龄到（岁）')),
                        ('purpose', models.CharField(max_length=300, verbose_name='用途')),
                        ('basis', models.CharField(choices=[('statutory_duty', '履行法定职责'), ('emergency', '应对突发事件'), ('consent', '本人同意'), ('other_law', '法律、行政法规规定的其他情形')], max_length=14, verbose_name='合法性基础')),
                        ('law', models.CharField(max_length=200, verbose_name='法律依据')),
                        ('starts_on', models.DateField(blank=True, null=True, verbose_name='生效日期')),
                        ('ends_on', models.DateField(verbose_name='有效期至')),
                        ('state', models.CharField(choices=[('asked', '待审批'), ('in_force', '有效'), ('suspended', '已暂停'), ('ended', '已终止'), ('refused', '未批准'), ('withdrawn', '已撤回')], default='asked', max_length=9, verbose_name='状态')),
                        ('version', models.PositiveSmallIntegerField(default=0, verbose_name='版本')),
                        ('asked', models.JSONField(blank=True, null=True, verbose_name='待审批的内容')),
                        ('answer', models.CharField(blank=True, max_length=300, verbose_name='审批意见')),
                        ('by_user_id', models.BigIntegerField(null=True)),
                        ('by_label', models.CharField(max_length=160, verbose_name='申请人')),
                        ('decided_by', models.CharField(blank=True, max_length=160, verbose_name='审批人')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='审批时间')),
                        ('file_kind', models.CharField(blank=True, max_length=4, verbose_name='定期文件格式')),
                        ('file_days', models.PositiveSmallIntegerField(default=0, verbose_name='每几天一份')),
                        ('next_file_on', models.DateField(blank=True, null=True, verbose_name='下一份')),
                        ('file_post_id', models.BigIntegerField(null=True)),
                    ],
                    options={
                        'verbose_name': '共享协议',
                        'verbose_name_plural': '共享协议',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['division', '-id'], name='agreement_of_place'), models.Index(fields=['state', 'ends_on'], name='agreement_by_end')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['in_force', 'suspended']), _negated=True), models.Q(('decided_at__isnull', False), ('starts_on__isnull', False), ('version__gte', 1)), _connector='OR'), name='live_agreement_was_granted'), models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='agreement_ends_after_it_starts')],
                    },
                ),
                migrations.CreateModel(
                    name='AgreementVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='sharing.agreement')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='版本')),
                        ('content', models.JSONField(verbose_name='内容')),
                        ('limited', models.BooleanField(default=False, verbose_name='比申请的少')),
                        ('answer', models.CharField(blank=True, max_length=300, verbose_name='审批意见')),
                        ('granted_on', models.DateField(verbose_name='批准日期')),
                        ('by_label', models.CharField(max_length=160, verbose_name='审批人')),
                    ],
                    options={
                        'verbose_name': '协议版本',
                        'verbose_name_plural': '协议版本',
                        'ordering': ['-number'],
                        'constraints': [models.UniqueConstraint(fields=('agreement', 'number'), name='one_agreement_version_a_number')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='Reading',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agreement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='sharing.agreement')),
                        ('version', models.PositiveSmallIntegerField(verbose_name='版本')),
                        ('kind', models.CharField(choices=[('query', '查一个人'), ('list', '读名单'), ('changes', '读变更'), ('file', '生成文件')], max_length=7, verbose_name='方式')),
                        ('found', models.PositiveIntegerField(verbose_name='人数')),
                        ('by_label', models.CharField(max_length=160, verbose_name='经办')),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='时间')),
                    ],
                    options={
                        'verbose_name': '共享使用记录',
                        'verbose_name_plural': '共享使用记录',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['agreement', '-id'], name='reading_of_agreement')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='SharedFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='sharing.agreement')),
                        ('kind', models.CharField(choices=[('xlsx', 'XLSX'), ('csv', 'CSV')], max_length=4, verbose_name='格式')),
                        ('state', models.CharField(choices=[('waiting', '生成中'), ('ready', '可下载'), ('failed', '没有生成'), ('gone', '已到期删除')], default='waiting', max_length=7, verbose_name='状态')),
                        ('problem', models.CharField(blank=True, max_length=200, verbose_name='原因')),
                        ('rows', models.PositiveIntegerField(default=0, verbose_name='人数')),
                        ('sealed', models.BinaryField(null=True)),
                        ('made_at', models.DateTimeField(blank=True, null=True, verbose_name='生成时间')),
                        ('ordered_by', models.CharField(max_length=160, verbose_name='申请人')),
                        ('post_id', models.BigIntegerField(null=True)),
                    ],
                    options={
                        'verbose_name': '共享文件',
                        'verbose_name_plural': '共享文件',
                        'ordering': ['-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), ('sealed__isnull', False), _connector='OR'), name='ready_file_has_its_body')],
                        'indexes': [],
                    },
                ),
            ],
        ),
    ]
