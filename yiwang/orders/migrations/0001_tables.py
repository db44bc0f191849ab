import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import yiwang.core.models.fields
import yiwang.core.models.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('divisions', '0001_tables'),
        ('matters', '0001_tables'),
        ('organizations', '0001_tables'),
        ('residents', '0001_tables'),
    ]

    operations = [
        yiwang.core.models.tables.CreateTables(
            models=[
                migrations.CreateModel(
                    name='OrderEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='orders.serviceorder')),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='时间')),
                        ('kind', models.CharField(choices=[('placed', '派单'), ('accepted', '接单'), ('refused', '拒单'), ('lapsed', '超时退回'), ('reported', '进展'), ('proved', '上传凭证'), ('done', '完工'), ('confirmed', '确认完工'), ('returned', '退回返工'), ('cancelled', '撤销'), ('rated', '评价')], max_length=10, verbose_name='事件')),
                        ('by', models.CharField(max_length=160, verbose_name='经办')),
                        ('text', models.CharField(blank=True, max_length=500, verbose_name='内容')),
                    ],
                    options={
                        'verbose_name': '工单经过',
                        'verbose_name_plural': '工单经过',
                        'ordering': ['-at', '-pk'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='OrderRating',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rating', to='orders.serviceorder')),
                        ('grade', models.PositiveSmallIntegerField(choices=[(5, '非常满意'), (4, '满意'), (3, '基本满意'), (2, '不满意'), (1, '非常不满意')], verbose_name='等级')),
                        ('comment', models.CharField(blank=True, max_length=500, verbose_name='意见')),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='时间')),
                    ],
                    options={
                        'verbose_name': '工单评价',
                        'verbose_name_plural': '工单评价',
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Proof',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('file_name', models.CharField(blank=True, max_length=200, verbose_name='文件名')),
                        ('content_type', models.CharField(blank=True, max_length=80)),
                        ('size', models.PositiveIntegerField(default=0, verbose_name='字节数')),
                        ('digest', models.CharField(blank=True, max_length=64, verbose_name='摘要')),
                        ('scan', models.CharField(choices=[('waiting', '等待查毒'), ('clean', '已查毒'), ('infected', '有病毒，已隔离')], default='waiting', max_length=8, verbose_name='查毒')),
                        ('scanned_at', models.DateTimeField(blank=True, null=True, verbose_name='查毒时间')),
                        ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='拍摄时间')),
                        ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=8, null=True, verbose_name='纬度')),
                        ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='经度')),
                        ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='orders.serviceorder')),
                        ('file', models.FileField(upload_to='orders/%Y/%m/', verbose_name='文件')),
                        ('by', models.CharField(max_length=160, verbose_name='上传人')),
                    ],
                    options={
                        'verbose_name': '完工凭证',
                        'verbose_name_plural': '完工凭证',
                        'ordering': ['pk'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='ServiceOrder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('number', models.CharField(max_length=16, null=True, unique=True, verbose_name='工单编号')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='service_orders', to='organizations.organization', verbose_name='服务单位')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='service_orders', to='accounts.unit', verbose_name='账号单位')),
                        ('matter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='service_orders', to='matters.matter', verbose_name='事项')),
                        ('resident', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='service_orders', to='residents.resident', verbose_name='服务对象')),
                        ('follows', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed', to='orders.serviceorder', verbose_name='接续的工单')),
                        ('what', models.CharField(max_length=500, verbose_name='做什么')),
                        ('place_text', models.CharField(blank=True, max_length=200, verbose_name='地点')),
                        ('shared', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('name', '姓名'), ('phone', '电话'), ('address', '地址')], max_length=8), blank=True, default=list, size=None, verbose_name='提供给服务单位的信息')),
                        ('due_on', models.DateField(verbose_name='完成期限')),
                        ('state', models.CharField(choices=[('offered', '待接单'), ('accepted', '已接单'), ('done', '已完工，待确认'), ('confirmed', '已确认'), ('refused', '已拒单'), ('lapsed', '超时未答，已退回'), ('cancelled', '已撤销')], default='offered', max_length=10, verbose_name='状态')),
                        ('placed_at', models.DateTimeField(verbose_name='派单时间')),
                        ('placed_by', models.CharField(max_length=160, verbose_name='派单人')),
                        ('placer_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='派单单位')),
                        ('placer_post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.post', verbose_name='派单岗位')),
                        ('answer_due_at', models.DateTimeField(verbose_name='答复期限')),
                        ('answered_at', models.DateTimeField(null=True, verbose_name='答复时间')),
                        ('done_at', models.DateTimeField(null=True, verbose_name='完工时间')),
                        ('confirmed_at', models.DateTimeField(null=True, verbose_name='确认时间')),
                        ('confirmed_how', models.CharField(blank=True, choices=[('code', '居民凭确认码'), ('community', '社区代为确认')], max_length=10, verbose_name='确认方式')),
                        ('code', yiwang.core.models.fields.EncryptedTextField(editable=True, verbose_name='确认码')),
                        ('failures', models.PositiveSmallIntegerField(default=0)),
                        ('locked_until', models.DateTimeField(null=True)),
                    ],
                    options={
                        'verbose_name': '服务工单',
                        'verbose_name_plural': '服务工单',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['division', '-id'], name='service_order_place'), models.Index(fields=['unit', 'state', 'answer_due_at'], name='service_order_queue'), models.Index(fields=['placer_unit', 'state'], name='service_order_placed'), models.Index(condition=models.Q(('state', 'offered')), fields=['answer_due_at'], name='service_order_offer')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', False), ('state', 'confirmed'), models.Q(('confirmed_how', ''), _negated=True)), models.Q(models.Q(('state', 'confirmed'), _negated=True), ('confirmed_at__isnull', True), ('confirmed_how', '')), _connector='OR'), name='a_confirmed_order_says_how'), models.CheckConstraint(condition=models.Q(('resident__isnull', False), models.Q(('place_text', ''), _negated=True), _connector='OR'), name='an_order_says_where')],
                    },
                ),
                migrations.CreateModel(
                    name='Workplace',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('organization', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='workplace', to='organizations.organization', verbose_name='单位')),
                        ('unit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='workplace', to='accounts.unit', verbose_name='账号单位')),
                        ('opened_by', models.CharField(max_length=160, verbose_name='开通人')),
                    ],
                    options={
                        'verbose_name': '工作区',
                        'verbose_name_plural': '工作区',
                        'ordering': ['organization__name_pinyin', 'pk'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
            ],
        ),
    ]
