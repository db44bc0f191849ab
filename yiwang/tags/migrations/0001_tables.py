import django.contrib.postgres.fields
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
                    name='RuleRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('was_set', models.PositiveIntegerField(verbose_name='新设')),
                        ('was_ended', models.PositiveIntegerField(verbose_name='结束')),
                        ('counts', models.JSONField(default=dict, verbose_name='分项')),
                        ('by_label', models.CharField(max_length=160, verbose_name='经办')),
                    ],
                    options={
                        'verbose_name': '规则运行',
                        'verbose_name_plural': '规则运行',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['division', '-id'], name='rule_run_of_place')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Tag',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('resident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tags', to='residents.resident', verbose_name='居民')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='社区')),
                        ('kind', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tags', to='tags.tagkind', verbose_name='标签')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='种类版本')),
                        ('variant', models.CharField(blank=True, max_length=20, verbose_name='细类')),
                        ('grade', models.CharField(blank=True, max_length=20, verbose_name='等级')),
                        ('since', models.DateField(verbose_name='起始日期')),
                        ('valid_until', models.DateField(blank=True, null=True, verbose_name='有效至')),
                        ('confirmed_on', models.DateField(verbose_name='最近复核')),
                        ('ended_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('end_reason', models.CharField(blank=True, choices=[('by_hand', '人工结束'), ('rule', '不再符合规则'), ('expired', '到期'), ('left', '离册'), ('exception', '规则不适用')], max_length=9, verbose_name='结束原因')),
                        ('automatic', models.BooleanField(default=False, verbose_name='自动')),
                        ('evidence', yiwang.core.models.fields.EncryptedTextField(blank=True, editable=True, null=True, verbose_name='依据')),
                        ('facts', models.JSONField(blank=True, default=dict, verbose_name='规则所据')),
                    ],
                    options={
                        'verbose_name': '居民标签',
                        'verbose_name_plural': '居民标签',
                        'ordering': ['kind__order', '-since'],
                        'indexes': [models.Index(condition=models.Q(('ended_on__isnull', True)), fields=['division', 'kind', 'resident'], name='tag_live_of_place'), models.Index(condition=models.Q(('ended_on__isnull', True), ('valid_until__isnull', False)), fields=['division', 'valid_until'], name='tag_expiring'), models.Index(fields=['resident', 'kind'], name='tag_of_resident')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('resident', 'kind'), name='one_live_tag_a_kind'), models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_on__isnull', True)), models.Q(('ended_on__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='ended_tag_says_why'), models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('since')), _connector='OR'), name='tag_ends_after_it_began')],
                    },
                ),
                migrations.CreateModel(
                    name='TagEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('tag', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='tags.tag')),
                        ('what', models.CharField(choices=[('set', '设置'), ('confirmed', '复核'), ('ended', '结束')], max_length=9, verbose_name='经过')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='种类版本')),
                        ('facts', models.JSONField(default=dict, verbose_name='所据事实')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='原因')),
                        ('by_label', models.CharField(max_length=160, verbose_name='经办')),
                    ],
                    options={
                        'verbose_name': '标签经过',
                        'verbose_name_plural': '标签经过',
                        'ordering': ['-pk'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='TagException',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tag_exceptions', to='residents.resident', verbose_name='居民')),
                        ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exceptions', to='tags.tagkind', verbose_name='标签')),
                        ('reason', models.CharField(max_length=200, verbose_name='原因')),
                        ('since', models.DateField(verbose_name='起始日期')),
                        ('lifted_on', models.DateField(blank=True, null=True, verbose_name='取消日期')),
                        ('by_label', models.CharField(max_length=160, verbose_name='经办')),
                    ],
                    options={
                        'verbose_name': '规则例外',
                        'verbose_name_plural': '规则例外',
                        'ordering': ['-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_on__isnull', True)), fields=('resident', 'kind'), name='one_exception_a_kind')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='TagKind',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('code', models.SlugField(max_length=40, unique=True, verbose_name='编码')),
                        ('number', models.PositiveSmallIntegerField(default=1, verbose_name='版本')),
                        ('name', models.CharField(max_length=40, verbose_name='名称')),
                        ('name_en', models.CharField(max_length=80, verbose_name='英文名称')),
                        ('group', models.CharField(choices=[('age', '年龄'), ('home', '居住'), ('hardship', '困难保障'), ('health', '健康与能力'), ('child', '儿童与孕产妇'), ('service', '优抚与荣誉'), ('population', '人口')], max_length=10, verbose_name='类别')),
                        ('order', models.PositiveSmallIntegerField(default=100, verbose_name='序号')),
                        ('sensitive', models.BooleanField(default=False, verbose_name='敏感')),
                        ('seen_by', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=4), blank=True, default=list, size=None, verbose_name='谁可以看')),
                        ('set_by', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=4), blank=True, default=list, size=None, verbose_name='谁可以设置')),
                        ('evidence', models.CharField(blank=True, max_length=80, verbose_name='需要的依据')),
                        ('evidence_en', models.CharField(blank=True, max_length=160, verbose_name='需要的依据（英文）')),
                        ('variants', models.JSONField(blank=True, default=list, verbose_name='细类')),
                        ('grades', models.JSONField(blank=True, default=list, verbose_name='等级')),
                        ('validity_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='有效期（月）')),
                        ('review_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='复核周期（天）')),
                        ('rule', models.JSONField(blank=True, default=dict, verbose_name='自动规则')),
                        ('source', models.CharField(blank=True, max_length=200, verbose_name='政策依据')),
                        ('active', models.BooleanField(default=True, verbose_name='启用')),
                    ],
                    options={
                        'verbose_name': '标签种类',
                        'verbose_name_plural': '标签种类',
                        'ordering': ['order', 'code'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('sensitive', False), ('seen_by__len__gt', 0), _connector='OR'), name='sensitive_kind_names_who_sees_it')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='TagKindVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='tags.tagkind')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='版本')),
                        ('content', models.JSONField(verbose_name='内容')),
                        ('effective_from', models.DateField(verbose_name='起用日期')),
                        ('by_label', models.CharField(max_length=160, verbose_name='修改人')),
                    ],
                    options={
                        'verbose_name': '标签种类版本',
                        'verbose_name_plural': '标签种类版本',
                        'ordering': ['-number'],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'number'), name='one_kind_version_a_number')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='VisitList',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                        ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tags.tagkind', verbose_name='标签')),
                        ('title', models.CharField(max_length=80, verbose_name='名称')),
                        ('due_on', models.DateField(blank=True, null=True, verbose_name='走访期限')),
                        ('by_label', models.CharField(max_length=160, verbose_name='制单人')),
                    ],
                    options={
                        'verbose_name': '走访单',
                        'verbose_name_plural': '走访单',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['division', '-id'], name='visit_list_of_place')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='VisitStop',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('visits', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='tags.visitlist')),
                        ('order', models.PositiveIntegerField(verbose_name='顺序')),
                        ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visit_stops', to='residents.resident')),
                        ('visited_on', models.DateField(blank=True, null=True, verbose_name='走访日期')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='走访情况')),
                        ('by_label', models.CharField(blank=True, max_length=160, verbose_name='走访人')),
                    ],
                    options={
                        'verbose_name': '走访',
                        'verbose_name_plural': '走访',
                        'ordering': ['order'],
                        'constraints': [models.UniqueConstraint(fields=('visits', 'resident'), name='once_on_a_visit_list'), models.CheckConstraint(condition=models.Q(('visited_on__isnull', True), models.Q(('by_label', ''), _negated=True), _connector='OR'), name='a_visit_names_the_visitor')],
                        'indexes': [],
                    },
                ),
            ],
        ),
    ]
