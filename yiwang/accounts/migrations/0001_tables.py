import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import yiwang.accounts.models.person
import yiwang.core.models.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '__first__'),
        ('divisions', '0001_tables'),
    ]

    operations = [
        yiwang.core.models.tables.CreateTables(
            models=[
                migrations.CreateModel(
                    name='ApiToken',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('name', models.CharField(max_length=80, verbose_name='名称')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='accounts.post', verbose_name='岗位')),
                        ('digest', models.BinaryField(max_length=16, unique=True)),
                        ('hint', models.CharField(max_length=4, verbose_name='末四位')),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None, verbose_name='权限范围')),
                        ('per_minute', models.PositiveIntegerField(verbose_name='每分钟上限')),
                        ('expires_on', models.DateField(verbose_name='到期日期')),
                        ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='停用时间')),
                    ],
                    options={
                        'verbose_name': '接口密钥',
                        'verbose_name_plural': '接口密钥',
                        'ordering': ['name'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Delegation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='accounts.post')),
                        ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to=settings.AUTH_USER_MODEL, verbose_name='代理人')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(verbose_name='结束日期')),
                        ('reason', models.CharField(max_length=200, verbose_name='原因')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='提前结束时间')),
                    ],
                    options={
                        'verbose_name': '委托代理',
                        'verbose_name_plural': '委托代理',
                        'ordering': ['-starts_on'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='delegation_ends_after_it_starts')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='LogInFailure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('username', models.CharField(max_length=150, verbose_name='用户名')),
                        ('address', models.CharField(max_length=45, verbose_name='来源地址')),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='时间')),
                    ],
                    options={
                        'verbose_name': '登录失败',
                        'verbose_name_plural': '登录失败',
                        'indexes': [models.Index(fields=['username', '-at'], name='accounts_lo_usernam_fc7a8d_idx')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Officer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='officers', to='divisions.division', verbose_name='社区')),
                        ('body', models.CharField(choices=[('party', '党组织'), ('committee', '村（居）民委员会'), ('station', '社区服务站'), ('supervision', '监督委员会')], max_length=11, verbose_name='组织')),
                        ('position', models.CharField(max_length=40, verbose_name='职务')),
                        ('name', models.CharField(max_length=60, verbose_name='姓名')),
                        ('manner', models.CharField(choices=[('elected', '选举'), ('appointed', '任命'), ('chosen', '推选'), ('hired', '聘用')], max_length=9, verbose_name='产生方式')),
                        ('starts_on', models.DateField(verbose_name='任期开始')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='任期届满')),
                        ('left_on', models.DateField(blank=True, null=True, verbose_name='离任日期')),
                        ('phone', models.CharField(blank=True, max_length=20, verbose_name='办公电话')),
                        ('published', models.BooleanField(default=False, verbose_name='公示')),
                    ],
                    options={
                        'verbose_name': '社区任职',
                        'verbose_name_plural': '社区任职',
                        'ordering': ['division', 'body', 'pk'],
                        'indexes': [models.Index(fields=['division', 'body', 'id'], name='officer_board'), models.Index(condition=models.Q(('left_on__isnull', True)), fields=['ends_on'], name='officer_term')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='term_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('left_on__isnull', True), ('left_on__gte', models.F('starts_on')), _connector='OR'), name='office_is_left_after_it_starts')],
                    },
                ),
                migrations.CreateModel(
                    name='Post',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL, verbose_name='人员')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='accounts.unit', verbose_name='单位')),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='区划')),
                        ('role', models.CharField(choices=[('G1', '市协调小组'), ('G2', '民政部门'), ('G3', '信息网领导机构'), ('G4', '职能部门'), ('G5', '县（市）区领导小组'), ('G6', '乡镇（街道）办事人员'), ('G7', '财政'), ('G8', '督查员'), ('G9', '分管领导'), ('N1', '县级网络管理员'), ('N2', '乡镇网络管理员'), ('N3', '社区网络管理员'), ('W1', '窗口人员'), ('C1', '社区党组织'), ('C2', '村（居）委会'), ('C3', '社区工作者'), ('C5', '监督委员会'), ('S3', '服务单位人员'), ('S4', '便民亭经营员'), ('A1', '系统管理员'), ('A2', '数据保护员'), ('A3', '审计')], max_length=4, verbose_name='岗位')),
                        ('starts_on', models.DateField(verbose_name='到岗日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='离岗日期')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='离岗办理时间')),
                        ('granted_by', models.CharField(blank=True, max_length=160, verbose_name='任命人')),
                        ('manner', models.CharField(blank=True, max_length=40, verbose_name='任用方式')),
                        ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.post', verbose_name='接任')),
                        ('handed_over', models.JSONField(blank=True, default=dict, verbose_name='交接')),
                    ],
                    options={
                        'verbose_name': '任职',
                        'verbose_name_plural': '任职',
                        'ordering': ['-starts_on', 'pk'],
                        'indexes': [models.Index(fields=['division', 'role'], name='accounts_po_divisio_b839a4_idx')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('ends_on__isnull', True)), fields=('user', 'unit', 'role'), name='one_open_post_once'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='post_ends_after_it_starts')],
                    },
                ),
                migrations.CreateModel(
                    name='Unit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='divisions.division', verbose_name='区划')),
                        ('code', models.SlugField(max_length=40, verbose_name='类别代码')),
                        ('name', models.CharField(max_length=80, verbose_name='名称')),
                        ('number', models.CharField(blank=True, default='', max_length=16, verbose_name='编号')),
                        ('short_name', models.CharField(blank=True, max_length=40, verbose_name='简称')),
                        ('name_en', models.CharField(blank=True, max_length=120, verbose_name='英文名称')),
                        ('unit_class', models.CharField(choices=[('lead', '牵头部门'), ('policy', '政策部门'), ('organisation', '组织人事部门'), ('guidance', '业务指导部门'), ('centre', '服务中心'), ('committee', '村（居）民委员会'), ('kiosk', '便民服务亭'), ('other', '其他'), ('provider', '服务单位')], default='other', max_length=12, verbose_name='职能类别')),
                        ('plan_names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='方案用名')),
                        ('duties', models.JSONField(blank=True, default=list, verbose_name='方案职责')),
                        ('contact', models.CharField(blank=True, max_length=40, verbose_name='联系人')),
                        ('phone', models.CharField(blank=True, max_length=40, verbose_name='电话')),
                        ('office', models.CharField(blank=True, max_length=200, verbose_name='地址')),
                        ('hours', models.JSONField(blank=True, default=dict, verbose_name='办公时间')),
                        ('hours_note', models.CharField(blank=True, max_length=100, verbose_name='办公时间说明')),
                        ('opened_on', models.DateField(blank=True, null=True, verbose_name='设立日期')),
                        ('closed_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
                        ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.unit')),
                    ],
                    options={
                        'verbose_name': '单位',
                        'verbose_name_plural': '单位',
                        'ordering': ['division_id', 'code'],
                        'constraints': [models.UniqueConstraint(fields=('division', 'code', 'name'), name='one_unit_once_a_division'), models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('number',), name='one_unit_a_number')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                        ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                        ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                        ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                        ('name', models.CharField(max_length=60, verbose_name='姓名')),
                        ('name_pinyin', models.CharField(blank=True, max_length=120, verbose_name='拼音')),
                        ('name_initials', models.CharField(blank=True, max_length=20, verbose_name='拼音首字母')),
                        ('phone', models.CharField(blank=True, max_length=20, verbose_name='电话')),
                        ('home', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='开户区划')),
                        ('language', models.CharField(blank=True, max_length=10, verbose_name='语言')),
                        ('must_change_password', models.BooleanField(default=False, verbose_name='须修改密码')),
                        ('password_changed_at', models.DateTimeField(blank=True, null=True, verbose_name='密码修改时间')),
                        ('temporary_until', models.DateTimeField(blank=True, null=True, verbose_name='初始密码有效期')),
                        ('password_history', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=160), blank=True, default=list, size=None)),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ],
                    options={
                        'verbose_name': '人员',
                        'verbose_name_plural': '人员',
                        'abstract': False,
                        'swappable': 'AUTH_USER_MODEL',
                        'indexes': [],
                        'constraints': [],
                    },
                    managers=[
                        ('objects', yiwang.accounts.models.person.StaffManager()),
                    ],
                ),
            ],
        ),
    ]
