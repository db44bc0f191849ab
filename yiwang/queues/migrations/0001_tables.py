import django.contrib.postgres.fields
import django.db.models.deletion
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
                    name='Appointment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('number', models.CharField(max_length=9, unique=True, verbose_name='预约号')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='大厅')),
                        ('letter', models.CharField(max_length=1, verbose_name='业务')),
                        ('starts_at', models.DateTimeField(verbose_name='预约时间')),
                        ('ends_at', models.DateTimeField(verbose_name='到')),
                        ('seat', models.PositiveSmallIntegerField(verbose_name='席位')),
                        ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='residents.resident', verbose_name='居民')),
                        ('claim', models.CharField(blank=True, choices=[('', '普通'), ('elder', '老年人'), ('disabled', '残疾人'), ('pregnant', '孕妇'), ('soldier', '军人、退役军人')], max_length=8, verbose_name='优先理由')),
                        ('checked', models.BooleanField(default=False, verbose_name='已核对')),
                        ('door', models.CharField(choices=[('window', '窗口'), ('phone', '电话'), ('account', '网上账号'), ('number', '凭办件编号'), ('api', '其他系统')], max_length=8, verbose_name='预约途径')),
                        ('about', models.CharField(blank=True, max_length=15, verbose_name='办件编号')),
                        ('state', models.CharField(choices=[('booked', '已预约'), ('arrived', '已到'), ('missed', '未到'), ('cancelled', '已取消')], default='booked', max_length=9, verbose_name='状态')),
                        ('ticket', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointment', to='queues.ticket')),
                        ('arrived_at', models.DateTimeField(blank=True, null=True, verbose_name='到达时间')),
                        ('cancelled_why', models.CharField(blank=True, max_length=200, verbose_name='取消原因')),
                        ('reminded_at', models.DateTimeField(blank=True, null=True, verbose_name='提醒时间')),
                        ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='尾号错误次数')),
                        ('locked_until', models.DateTimeField(blank=True, null=True, verbose_name='锁定至')),
                    ],
                    options={
                        'verbose_name': '预约',
                        'verbose_name_plural': '预约',
                        'ordering': ['starts_at', 'pk'],
                        'indexes': [models.Index(fields=['division', 'starts_at'], name='appointment_of_area'), models.Index(fields=['resident', '-starts_at'], name='appointment_person'), models.Index(condition=models.Q(('state', 'booked')), fields=['starts_at'], name='appointment_ahead')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), fields=('unit', 'letter', 'starts_at', 'seat'), name='one_seat_one_person'), models.UniqueConstraint(condition=models.Q(('state', 'booked')), fields=('resident', 'starts_at'), name='nobody_at_two_windows_at_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'arrived'), _negated=True), models.Q(('arrived_at__isnull', False), ('ticket__isnull', False)), _connector='OR'), name='who_arrived_has_a_number'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='a_slot_ends_after_it_begins')],
                    },
                ),
                migrations.CreateModel(
                    name='BookingPlan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('unit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='booking_plan', to='accounts.unit', verbose_name='大厅')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                        ('is_open', models.BooleanField(default=True, verbose_name='开放预约')),
                        ('letters', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=1), size=None, verbose_name='可预约的业务')),
                        ('slot_minutes', models.PositiveSmallIntegerField(default=30, verbose_name='每段分钟数')),
                        ('capacity', models.PositiveSmallIntegerField(default=2, verbose_name='每段人数')),
                        ('days_ahead', models.PositiveSmallIntegerField(default=14, verbose_name='提前天数')),
                    ],
                    options={
                        'verbose_name': '预约安排',
                        'verbose_name_plural': '预约安排',
                        'ordering': ['pk'],
                        'indexes': [models.Index(fields=['division'], name='booking_plan_of_area')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('capacity__gte', 1), ('days_ahead__gte', 1), ('slot_minutes__gte', 5)), name='a_slot_has_room_and_length')],
                    },
                ),
                migrations.CreateModel(
                    name='HallDay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='大厅')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('opened_at', models.DateTimeField(verbose_name='开厅')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='闭厅')),
                        ('drawn', models.PositiveIntegerField(default=0, verbose_name='取号')),
                        ('priority_drawn', models.PositiveIntegerField(default=0, verbose_name='优先号')),
                        ('booked_drawn', models.PositiveIntegerField(default=0, verbose_name='预约号')),
                    ],
                    options={
                        'verbose_name': '大厅排队日',
                        'verbose_name_plural': '大厅排队日',
                        'ordering': ['-on', '-pk'],
                        'indexes': [models.Index(fields=['division', '-on'], name='queue_day_of_area')],
                        'constraints': [models.UniqueConstraint(fields=('unit', 'on'), name='one_queue_a_hall_a_day')],
                    },
                ),
                migrations.CreateModel(
                    name='Line',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='queues.hallday')),
                        ('letter', models.CharField(max_length=1, verbose_name='字母')),
                        ('name', models.CharField(max_length=40, verbose_name='业务')),
                        ('name_en', models.CharField(blank=True, max_length=80, verbose_name='英文名称')),
                        ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=20), blank=True, default=list, size=None)),
                        ('drawn', models.PositiveIntegerField(default=0, verbose_name='取号')),
                    ],
                    options={
                        'verbose_name': '业务队列',
                        'verbose_name_plural': '业务队列',
                        'ordering': ['letter'],
                        'constraints': [models.UniqueConstraint(fields=('day', 'letter'), name='one_letter_one_line')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='Ticket',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division')),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='queues.hallday')),
                        ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='queues.line', verbose_name='业务')),
                        ('number', models.CharField(max_length=8, verbose_name='号码')),
                        ('priority', models.BooleanField(default=False, verbose_name='优先')),
                        ('claim', models.CharField(blank=True, choices=[('', '普通'), ('elder', '老年人'), ('disabled', '残疾人'), ('pregnant', '孕妇'), ('soldier', '军人、退役军人')], max_length=8, verbose_name='优先理由')),
                        ('checked', models.BooleanField(default=False, verbose_name='已核对')),
                        ('resident', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='residents.resident', verbose_name='居民')),
                        ('phone_tail', models.CharField(blank=True, max_length=4, verbose_name='手机尾号')),
                        ('place', models.BigIntegerField(verbose_name='次序')),
                        ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='预约时间')),
                        ('state', models.CharField(choices=[('waiting', '等候'), ('called', '已叫号'), ('serving', '办理中'), ('served', '已办'), ('absent', '过号'), ('left', '闭厅未办')], default='waiting', max_length=7, verbose_name='状态')),
                        ('window', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='queues.window')),
                        ('taken_at', models.DateTimeField(verbose_name='取号时间')),
                        ('called_at', models.DateTimeField(blank=True, null=True, verbose_name='最近叫号')),
                        ('first_called_at', models.DateTimeField(blank=True, null=True, verbose_name='首次叫号')),
                        ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='开始办理')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束')),
                        ('calls', models.PositiveSmallIntegerField(default=0, verbose_name='叫号次数')),
                        ('absences', models.PositiveSmallIntegerField(default=0, verbose_name='过号次数')),
                    ],
                    options={
                        'verbose_name': '排队号',
                        'verbose_name_plural': '排队号',
                        'ordering': ['place', 'pk'],
                        'indexes': [models.Index(fields=['division', '-taken_at'], name='queue_ticket_of_area'), models.Index(condition=models.Q(('state', 'waiting')), fields=['day', 'priority', 'place'], name='queue_waiting'), models.Index(fields=['day', '-called_at'], name='queue_called')],
                        'constraints': [models.UniqueConstraint(fields=('day', 'number'), name='one_number_a_day'), models.UniqueConstraint(condition=models.Q(('state__in', ('called', 'serving'))), fields=('window',), name='one_at_a_window'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('called', 'serving')), _negated=True), models.Q(('called_at__isnull', False), ('window__isnull', False)), _connector='OR'), name='who_stands_at_a_window_was_called'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'served'), _negated=True), models.Q(('ended_at__gte', models.F('started_at')), ('started_at__isnull', False)), _connector='OR'), name='what_was_served_has_times'), models.CheckConstraint(condition=models.Q(('priority', False), models.Q(('claim', ''), _negated=True), _connector='OR'), name='priority_has_a_claim')],
                    },
                ),
                migrations.CreateModel(
                    name='Window',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division')),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='queues.hallday')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='窗口号')),
                        ('letters', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=1), default=list, size=None, verbose_name='业务')),
                        ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.post')),
                        ('is_open', models.BooleanField(default=False, verbose_name='开放')),
                        ('run', models.PositiveSmallIntegerField(default=0, verbose_name='连续优先号')),
                    ],
                    options={
                        'verbose_name': '排队窗口',
                        'verbose_name_plural': '排队窗口',
                        'ordering': ['number'],
                        'indexes': [models.Index(fields=['division'], name='queue_window_of_area')],
                        'constraints': [models.UniqueConstraint(fields=('day', 'number'), name='one_window_one_number')],
                    },
                ),
            ],
        ),
    ]
