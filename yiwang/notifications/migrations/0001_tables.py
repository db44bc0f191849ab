import django.db.models.deletion
import uuid
import yiwang.core.models.fields
import yiwang.core.models.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('divisions', '0001_tables'),
        ('residents', '0001_tables'),
    ]

    operations = [
        yiwang.core.models.tables.CreateTables(
            models=[
                migrations.CreateModel(
                    name='Choice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='residents.resident', verbose_name='居民')),
                        ('channel', models.CharField(choices=[('app', '网上账号'), ('sms', '短信'), ('email', '电子邮件'), ('print', '信件')], max_length=8, verbose_name='方式')),
                        ('email', yiwang.core.models.fields.EncryptedTextField(blank=True, editable=True, null=True, verbose_name='电子邮箱')),
                        ('language', models.CharField(choices=[('zh-hans', '中文'), ('en', 'English')], default='zh-hans', max_length=10, verbose_name='语言')),
                        ('optional', models.BooleanField(default=True, verbose_name='也接收邀请和提醒')),
                        ('given_by', models.CharField(max_length=160, verbose_name='选择人')),
                    ],
                    options={
                        'verbose_name': '通知方式',
                        'verbose_name_plural': '通知方式',
                        'ordering': ['-pk'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Delivery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='notifications.message')),
                        ('channel', models.CharField(choices=[('app', '网上账号'), ('sms', '短信'), ('email', '电子邮件'), ('print', '信件')], max_length=8, verbose_name='方式')),
                        ('state', models.CharField(choices=[('waiting', '待发送'), ('sending', '发送中'), ('sent', '已发送'), ('failed', '没有送到'), ('unsure', '不知是否送到'), ('withheld', '不发送')], default='waiting', max_length=8, verbose_name='状态')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='幂等键')),
                        ('language', models.CharField(default='zh-hans', max_length=10, verbose_name='语言')),
                        ('version', models.PositiveIntegerField(default=0, verbose_name='文本版本')),
                        ('shown_to', models.CharField(blank=True, max_length=60, verbose_name='发往（已隐去）')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='尝试次数')),
                        ('next_at', models.DateTimeField(blank=True, null=True, verbose_name='下次发送')),
                        ('begun_at', models.DateTimeField(blank=True, null=True, verbose_name='开始发送')),
                        ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='结束')),
                        ('problem', models.CharField(blank=True, max_length=200, verbose_name='原因')),
                        ('carrier_id', models.CharField(blank=True, max_length=80, verbose_name='服务商编号')),
                    ],
                    options={
                        'verbose_name': '发送',
                        'verbose_name_plural': '发送',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'sending'])), fields=['next_at'], name='delivery_due')],
                        'constraints': [models.UniqueConstraint(fields=('message', 'channel'), name='one_delivery_a_way'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('done_at__isnull', False), _connector='OR'), name='a_sent_delivery_has_its_moment')],
                    },
                ),
                migrations.CreateModel(
                    name='Message',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                        ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='residents.resident', verbose_name='居民')),
                        ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='单位')),
                        ('confidential', models.BooleanField(default=False, verbose_name='保密')),
                        ('kind', models.CharField(choices=[('accepted', '已受理'), ('returned', '需要补正'), ('extended', '办理延期'), ('finished', '已办结，请领取'), ('refused', '不予办理'), ('rating', '邀请评价'), ('reopened', '重新办理'), ('redone', '重新办理的结果'), ('remind_correct', '提醒补正'), ('remind_collect', '提醒领取'), ('infected', '文件带病毒'), ('revoked', '结果已撤销'), ('booked', '预约成功'), ('unbooked', '预约取消'), ('remind_visit', '提醒赴约'), ('order_accepted', '服务单位已接单'), ('order_done', '服务完工，请确认评价')], max_length=16, verbose_name='内容')),
                        ('reference', models.CharField(db_index=True, max_length=40, verbose_name='关联')),
                        ('facts', models.JSONField(default=dict, verbose_name='要素')),
                        ('routed_at', models.DateTimeField(blank=True, null=True, verbose_name='安排时间')),
                        ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='居民看过')),
                    ],
                    options={
                        'verbose_name': '通知',
                        'verbose_name_plural': '通知',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['division', '-id'], name='message_of_place'), models.Index(condition=models.Q(('routed_at__isnull', True)), fields=['id'], name='message_to_route')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('kind__in', ('remind_correct', 'remind_collect'))), fields=('reference', 'kind'), name='reminded_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Wording',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('kind', models.CharField(choices=[('accepted', '已受理'), ('returned', '需要补正'), ('extended', '办理延期'), ('finished', '已办结，请领取'), ('refused', '不予办理'), ('rating', '邀请评价'), ('reopened', '重新办理'), ('redone', '重新办理的结果'), ('remind_correct', '提醒补正'), ('remind_collect', '提醒领取'), ('infected', '文件带病毒'), ('revoked', '结果已撤销'), ('booked', '预约成功'), ('unbooked', '预约取消'), ('remind_visit', '提醒赴约'), ('order_accepted', '服务单位已接单'), ('order_done', '服务完工，请确认评价')], max_length=16, verbose_name='内容')),
                        ('channel', models.CharField(choices=[('app', '网上账号'), ('sms', '短信'), ('email', '电子邮件'), ('print', '信件')], max_length=8, verbose_name='方式')),
                        ('version', models.PositiveIntegerField(verbose_name='版本')),
                        ('title', models.CharField(blank=True, max_length=80, verbose_name='标题')),
                        ('title_en', models.CharField(blank=True, max_length=120, verbose_name='英文标题')),
                        ('text', models.TextField(max_length=1000, verbose_name='中文')),
                        ('text_en', models.TextField(max_length=1500, verbose_name='英文')),
                        ('published_by', models.CharField(max_length=160, verbose_name='发布人')),
                    ],
                    options={
                        'verbose_name': '通知文本',
                        'verbose_name_plural': '通知文本',
                        'ordering': ['-version'],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'channel', 'version'), name='one_wording_a_version')],
                        'indexes': [],
                    },
                ),
            ],
        ),
    ]
