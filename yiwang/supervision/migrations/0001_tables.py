import django.db.models.deletion
import yiwang.core.models.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('divisions', '0001_tables'),
        ('matters', '0001_tables'),
    ]

    operations = [
        yiwang.core.models.tables.CreateTables(
            models=[
                migrations.CreateModel(
                    name='Circular',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='circulars', to='divisions.division', verbose_name='区划')),
                        ('first', models.DateField(verbose_name='从')),
                        ('last', models.DateField(verbose_name='到')),
                        ('title', models.CharField(max_length=120, verbose_name='标题')),
                        ('text', models.TextField(max_length=4000, verbose_name='正文')),
                        ('figures', models.JSONField(default=list, verbose_name='各单位数字')),
                        ('compiled_at', models.DateTimeField(verbose_name='编制时间')),
                        ('compiled_by', models.CharField(max_length=160, verbose_name='编制人')),
                        ('unit_name', models.CharField(blank=True, max_length=80, verbose_name='印发单位')),
                        ('published_at', models.DateTimeField(null=True, verbose_name='印发时间')),
                        ('published_by', models.CharField(blank=True, max_length=160, verbose_name='印发人')),
                    ],
                    options={
                        'verbose_name': '通报',
                        'verbose_name_plural': '通报',
                        'ordering': ['-last', '-pk'],
                        'indexes': [models.Index(fields=['division', '-last'], name='circular_list')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='a_circular_ends_after_it_begins')],
                    },
                ),
                migrations.CreateModel(
                    name='Order',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='matters.matter', verbose_name='事项')),
                        ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='matters.step', verbose_name='环节')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='accounts.unit', verbose_name='被督办单位')),
                        ('text', models.CharField(max_length=500, verbose_name='督办要求')),
                        ('state', models.CharField(choices=[('open', '待答复'), ('answered', '已答复'), ('closed', '已销号')], default='open', max_length=8, verbose_name='状态')),
                        ('issued_at', models.DateTimeField(verbose_name='发出时间')),
                        ('issued_by', models.CharField(max_length=160, verbose_name='发出人')),
                        ('issuer_post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.post', verbose_name='发出岗位')),
                        ('issued_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='发出区划')),
                        ('answer_due_at', models.DateTimeField(verbose_name='答复期限')),
                        ('answer', models.CharField(blank=True, max_length=1000, verbose_name='答复')),
                        ('answered_at', models.DateTimeField(null=True, verbose_name='答复时间')),
                        ('answered_by', models.CharField(blank=True, max_length=160, verbose_name='答复人')),
                        ('returned', models.CharField(blank=True, max_length=500, verbose_name='退回原因')),
                        ('closed_at', models.DateTimeField(null=True, verbose_name='销号时间')),
                        ('closed_by', models.CharField(blank=True, max_length=160, verbose_name='销号人')),
                    ],
                    options={
                        'verbose_name': '督办单',
                        'verbose_name_plural': '督办单',
                        'ordering': ['answer_due_at', 'pk'],
                        'indexes': [models.Index(fields=['unit', 'state', 'answer_due_at'], name='order_queue')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'closed'), _negated=True), fields=('step',), name='one_open_order_a_step'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(('closed_at__isnull', True), ('state', 'answered'), models.Q(('answer', ''), _negated=True)), models.Q(('closed_at__isnull', False), ('state', 'closed'), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='an_order_is_closed_only_with_an_answer')],
                    },
                ),
            ],
        ),
    ]
