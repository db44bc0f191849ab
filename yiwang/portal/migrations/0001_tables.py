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
                    name='Guess',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('digest', models.BinaryField(max_length=16, unique=True, verbose_name='编号摘要')),
                        ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='错误次数')),
                        ('locked_until', models.DateTimeField(null=True, verbose_name='锁定至')),
                    ],
                    options={
                        'verbose_name': '未知编号的查询',
                        'verbose_name_plural': '未知编号的查询',
                        'indexes': [models.Index(fields=['updated_at'], name='portal_gues_updated_916655_idx')],
                        'constraints': [],
                    },
                ),
            ],
        ),
    ]
