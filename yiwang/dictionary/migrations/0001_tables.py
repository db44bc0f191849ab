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
                    name='DictionaryVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('number', models.CharField(max_length=20, unique=True, verbose_name='版本号')),
                        ('published_on', models.DateField(verbose_name='发布日期')),
                        ('content', models.JSONField(verbose_name='内容')),
                        ('changes', models.JSONField(default=list, verbose_name='变更')),
                        ('by_label', models.CharField(max_length=160, verbose_name='发布人')),
                    ],
                    options={
                        'verbose_name': '数据字典版本',
                        'verbose_name_plural': '数据字典版本',
                        'ordering': ['-pk'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
            ],
        ),
    ]
