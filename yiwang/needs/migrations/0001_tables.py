import django.db.models.deletion
import django.utils.timezone
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
                    name='Assessment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='社区')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                        ('state', models.CharField(choices=[('draft', '征求意见'), ('submitted', '待审批'), ('approved', '已批准')], default='draft', max_length=9, verbose_name='状态')),
                        ('base', models.JSONField(default=dict, verbose_name='基本情况')),
                        ('figures', models.JSONField(default=list, verbose_name='各类需求')),
                        ('text', models.CharField(blank=True, max_length=2000, verbose_name='评估意见')),
                        ('returned', models.CharField(blank=True, default='', max_length=300, verbose_name='退回原因')),
                        ('approved_on', models.DateField(blank=True, null=True, verbose_name='批准日期')),
                        ('approved_by', models.CharField(blank=True, max_length=160, verbose_name='批准人')),
                        ('by_label', models.CharField(max_length=160, verbose_name='编制人')),
                    ],
                    options={
                        'verbose_name': '需求评估',
                        'verbose_name_plural': '需求评估',
                        'ordering': ['-year', 'division_id'],
                        'constraints': [models.UniqueConstraint(fields=('division', 'year'), name='one_assessment_a_year'), models.CheckConstraint(condition=models.Q(models.Q(('approved_on__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('approved_on__isnull', True)), _connector='OR'), name='approved_assessment_says_by_whom')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='AssessmentComment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='needs.assessment')),
                        ('representative', models.CharField(max_length=60, verbose_name='居民代表')),
                        ('text', models.CharField(max_length=500, verbose_name='意见')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('by_label', models.CharField(max_length=160, verbose_name='记录人')),
                    ],
                    options={
                        'verbose_name': '代表意见',
                        'verbose_name_plural': '代表意见',
                        'ordering': ['pk'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Need',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                        ('resident', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='residents.resident', verbose_name='居民')),
                        ('group', models.CharField(blank=True, max_length=80, verbose_name='群体')),
                        ('people', models.PositiveIntegerField(default=1, verbose_name='人数')),
                        ('category', models.CharField(choices=[('eldercare', '居家养老'), ('relief', '关爱救助'), ('veterans', '拥军优抚'), ('digital', '信息化'), ('labour', '劳动保障'), ('education', '教育'), ('health', '卫生'), ('culture', '文化'), ('sport', '体育'), ('family', '生育服务')], max_length=20, verbose_name='类别')),
                        ('text', models.CharField(max_length=300, verbose_name='需要什么')),
                        ('urgency', models.CharField(choices=[('ordinary', '一般'), ('soon', '较急'), ('urgent', '紧急')], default='ordinary', max_length=8, verbose_name='缓急')),
                        ('channel', models.CharField(choices=[('visit', '走访'), ('window', '窗口'), ('phone', '电话'), ('kiosk', '便民亭'), ('survey', '调查'), ('board', '意见箱、留言'), ('meeting', '居民会议')], max_length=8, verbose_name='来源')),
                        ('state', models.CharField(choices=[('registered', '已登记'), ('arranged', '已安排'), ('unmet', '暂不能满足'), ('met', '已满足'), ('withdrawn', '已撤回')], default='registered', max_length=10, verbose_name='状态')),
                        ('registered_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='登记日期')),
                        ('due_at', models.DateTimeField(verbose_name='答复期限')),
                        ('service', models.CharField(blank=True, max_length=120, verbose_name='对应服务')),
                        ('matter_number', models.CharField(blank=True, max_length=20, verbose_name='事项编号')),
                        ('closed_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('by_label', models.CharField(max_length=160, verbose_name='登记人')),
                    ],
                    options={
                        'verbose_name': '需求',
                        'verbose_name_plural': '需求',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['division', '-id'], name='need_of_place'), models.Index(fields=['division', 'category', 'state'], name='need_figures')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('resident__isnull', False), models.Q(('group', ''), _negated=True), _connector='OR'), name='need_is_somebody_s'), models.CheckConstraint(condition=models.Q(models.Q(('closed_on__isnull', False), ('state__in', ['met', 'withdrawn'])), models.Q(models.Q(('state__in', ['met', 'withdrawn']), _negated=True), ('closed_on__isnull', True)), _connector='OR'), name='closed_need_has_its_day')],
                    },
                ),
                migrations.CreateModel(
                    name='NeedEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('need', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='needs.need')),
                        ('state', models.CharField(choices=[('registered', '已登记'), ('arranged', '已安排'), ('unmet', '暂不能满足'), ('met', '已满足'), ('withdrawn', '已撤回')], max_length=10, verbose_name='状态')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('text', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                        ('by_label', models.CharField(max_length=160, verbose_name='经办')),
                    ],
                    options={
                        'verbose_name': '需求经过',
                        'verbose_name_plural': '需求经过',
                        'ordering': ['-pk'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='PlanLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='needs.assessment')),
                        ('rank', models.PositiveSmallIntegerField(verbose_name='排序')),
                        ('category', models.CharField(choices=[('eldercare', '居家养老'), ('relief', '关爱救助'), ('veterans', '拥军优抚'), ('digital', '信息化'), ('labour', '劳动保障'), ('education', '教育'), ('health', '卫生'), ('culture', '文化'), ('sport', '体育'), ('family', '生育服务')], max_length=20, verbose_name='类别')),
                        ('users', models.PositiveIntegerField(verbose_name='预计服务人数')),
                    ],
                    options={
                        'verbose_name': '服务计划草案',
                        'verbose_name_plural': '服务计划草案',
                        'ordering': ['rank'],
                        'constraints': [models.UniqueConstraint(fields=('assessment', 'rank'), name='one_plan_line_a_rank')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='Survey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                        ('title', models.CharField(max_length=80, verbose_name='名称')),
                        ('method', models.CharField(choices=[('sample', '抽样'), ('census', '逐户')], default='sample', max_length=6, verbose_name='方式')),
                        ('state', models.CharField(choices=[('draft', '拟定中'), ('open', '调查中'), ('closed', '已结束')], default='draft', max_length=6, verbose_name='状态')),
                        ('percent', models.PositiveSmallIntegerField(verbose_name='抽样比例（%）')),
                        ('least', models.PositiveIntegerField(verbose_name='最少户数')),
                        ('seed', models.BigIntegerField(blank=True, null=True, verbose_name='随机种子')),
                        ('households', models.PositiveIntegerField(blank=True, null=True, verbose_name='总户数')),
                        ('opened_on', models.DateField(blank=True, null=True, verbose_name='开始日期')),
                        ('due_on', models.DateField(blank=True, null=True, verbose_name='截止日期')),
                        ('closed_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('by_label', models.CharField(max_length=160, verbose_name='制定人')),
                    ],
                    options={
                        'verbose_name': '调查',
                        'verbose_name_plural': '调查',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['division', '-id'], name='survey_of_place')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('households__isnull', False), ('seed__isnull', False)), _connector='OR'), name='drawn_survey_keeps_its_seed')],
                    },
                ),
                migrations.CreateModel(
                    name='SurveyAnswer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('stop', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='needs.surveystop')),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='needs.surveyversion')),
                        ('answers', models.JSONField(verbose_name='回答')),
                        ('wants', models.JSONField(default=list, verbose_name='有需求的类别')),
                        ('door', models.CharField(choices=[('phone', '上门，手机录入'), ('paper', '纸质，事后录入')], max_length=5, verbose_name='录入方式')),
                        ('on', models.DateField(verbose_name='调查日期')),
                        ('interviewer', models.CharField(max_length=80, verbose_name='调查员')),
                        ('by_label', models.CharField(max_length=160, verbose_name='录入人')),
                    ],
                    options={
                        'verbose_name': '调查回答',
                        'verbose_name_plural': '调查回答',
                        'ordering': ['pk'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='SurveyStop',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('survey', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='needs.survey')),
                        ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='residents.household')),
                        ('order', models.PositiveIntegerField(verbose_name='序号')),
                        ('state', models.CharField(choices=[('waiting', '待调查'), ('answered', '已回答'), ('refused', '拒绝'), ('absent', '无人在家')], default='waiting', max_length=8, verbose_name='状态')),
                    ],
                    options={
                        'verbose_name': '调查户',
                        'verbose_name_plural': '调查户',
                        'ordering': ['order'],
                        'constraints': [models.UniqueConstraint(fields=('survey', 'household'), name='once_in_a_survey'), models.UniqueConstraint(fields=('survey', 'order'), name='one_household_an_order')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='SurveyVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='needs.survey')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='版本')),
                        ('content', models.JSONField(verbose_name='题目')),
                        ('by_label', models.CharField(max_length=160, verbose_name='修改人')),
                    ],
                    options={
                        'verbose_name': '问卷版本',
                        'verbose_name_plural': '问卷版本',
                        'ordering': ['-number'],
                        'constraints': [models.UniqueConstraint(fields=('survey', 'number'), name='one_questionnaire_a_number')],
                        'indexes': [],
                    },
                ),
            ],
        ),
    ]
