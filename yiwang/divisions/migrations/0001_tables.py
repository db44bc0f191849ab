import django.contrib.postgres.constraints
import django.contrib.postgres.indexes
import django.db.models.deletion
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
                    name='Change',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('type', models.CharField(choices=[('establish', '设立'), ('abolish', '撤销'), ('merge', '合并'), ('split', '拆分'), ('move', '划转'), ('rename', '更名'), ('recode', '变更代码'), ('classify', '调整分类')], max_length=10, verbose_name='变更类型')),
                        ('effective_on', models.DateField(verbose_name='生效日期')),
                        ('document', models.CharField(max_length=120, verbose_name='文号')),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='divisions.division', verbose_name='区划')),
                        ('note', models.CharField(blank=True, max_length=500, verbose_name='说明')),
                        ('facts', models.JSONField(default=dict, verbose_name='变更内容')),
                    ],
                    options={
                        'verbose_name': '区划变更',
                        'verbose_name_plural': '区划变更',
                        'ordering': ['-effective_on', '-pk'],
                        'indexes': [models.Index(fields=['-effective_on', '-id'], name='divisions_c_effecti_959181_idx')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Division',
                    fields=[
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('key', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='区划键')),
                        ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='divisions.division', verbose_name='上级')),
                        ('level', models.PositiveSmallIntegerField(choices=[(1, '省'), (2, '市'), (3, '县（市、区）'), (4, '乡镇（街道）'), (5, '村（居）')], verbose_name='层级')),
                        ('name', models.CharField(max_length=60, verbose_name='名称')),
                        ('short_name', models.CharField(max_length=60, verbose_name='简称')),
                        ('former_name', models.CharField(blank=True, max_length=60, verbose_name='原名')),
                        ('pinyin', models.CharField(blank=True, max_length=200, verbose_name='拼音')),
                        ('initials', models.CharField(blank=True, max_length=60, verbose_name='拼音首字母')),
                        ('name_en', models.CharField(blank=True, max_length=160, verbose_name='英文名称')),
                        ('kind', models.CharField(choices=[('province', '省级'), ('prefecture', '地级市'), ('district', '市辖区'), ('county_city', '县级市'), ('county', '县'), ('zone', '开发区'), ('subdistrict', '街道'), ('town', '镇'), ('township', '乡'), ('residents', '居民委员会'), ('villagers', '村民委员会'), ('other', '其他')], default='other', max_length=12, verbose_name='性质')),
                        ('placeholder', models.BooleanField(default=False, verbose_name='虚拟')),
                        ('urban_core', models.BooleanField(default=False, verbose_name='市区')),
                        ('kiosk_phase', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='便民亭批次')),
                        ('settlement', models.CharField(blank=True, choices=[('urban', '城市社区'), ('rural', '农村社区'), ('mixed', '村改居')], max_length=5, verbose_name='城乡类型')),
                        ('centre', models.JSONField(blank=True, null=True, verbose_name='中心点')),
                        ('boundary', models.JSONField(blank=True, null=True, verbose_name='边界')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='设立日期')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='终止日期')),
                    ],
                    options={
                        'verbose_name': '区划',
                        'verbose_name_plural': '区划',
                        'ordering': ['key'],
                        'indexes': [models.Index(fields=['parent', 'key'], name='divisions_d_parent__c8435e_idx'), models.Index(fields=['level', 'key'], name='divisions_d_level_9fdb2f_idx'), models.Index(fields=['initials'], name='div_initials', opclasses=['text_pattern_ops']), models.Index(fields=['pinyin'], name='div_pinyin', opclasses=['text_pattern_ops']), django.contrib.postgres.indexes.GinIndex(fields=['name'], name='div_name_trgm', opclasses=['gin_trgm_ops'])],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='DivisionCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='divisions.division')),
                        ('scheme', models.CharField(choices=[('nbs', '统计用区划代码'), ('mca', '民政区划代码'), ('gbt2260', 'GB/T 2260')], max_length=8, verbose_name='代码体系')),
                        ('code', models.CharField(max_length=12, verbose_name='代码')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='启用日期')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='停用日期')),
                        ('source', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                    ],
                    options={
                        'verbose_name': '区划代码',
                        'verbose_name_plural': '区划代码',
                        'ordering': ['scheme', 'code'],
                        'indexes': [models.Index(fields=['code'], name='div_code', opclasses=['varchar_pattern_ops'])],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('scheme', 'code'), name='one_place_a_code_now'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('valid_from__isnull', False), ('valid_to__isnull', False), _connector='OR'), expressions=[('scheme', '='), ('code', '='), (yiwang.core.models.law.DateRange('valid_from', 'valid_to', models.Value('[]')), '&&')], name='one_place_a_code_a_day')],
                    },
                ),
                migrations.CreateModel(
                    name='Review',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('change', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='divisions.change')),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='divisions.division', verbose_name='区划')),
                        ('topic', models.CharField(choices=[('unmatched', '名单中没有同名的区划'), ('newcomer', '名单中新出现的区划'), ('renamed', '名单中的名称不同'), ('absent', '名单中不再出现'), ('unassigned', '拆分时没有指定去向'), ('outside', '另一套代码中多出的区划'), ('people', '随区划转入的任职')], max_length=10, verbose_name='问题')),
                        ('facts', models.JSONField(default=dict, verbose_name='内容')),
                        ('candidates', models.JSONField(default=list, verbose_name='候选')),
                        ('state', models.CharField(choices=[('open', '待处理'), ('decided', '已处理')], default='open', max_length=8, verbose_name='状态')),
                        ('decision', models.JSONField(blank=True, null=True, verbose_name='处理结果')),
                    ],
                    options={
                        'verbose_name': '待核对区划',
                        'verbose_name_plural': '待核对区划',
                        'ordering': ['state', 'pk'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Succession',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='divisions.change')),
                        ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successors_by', to='divisions.division')),
                        ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='predecessors_by', to='divisions.division')),
                    ],
                    options={
                        'verbose_name': '沿革',
                        'verbose_name_plural': '沿革',
                        'constraints': [models.UniqueConstraint(fields=('change', 'predecessor', 'successor'), name='one_line_of_descent'), models.CheckConstraint(condition=models.Q(('predecessor', models.F('successor')), _negated=True), name='no_one_succeeds_itself')],
                        'indexes': [],
                    },
                ),
            ],
        ),
    ]
