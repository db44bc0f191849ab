import django.db.models.deletion
import yiwang.core.models.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
    ]

    operations = [
        yiwang.core.models.tables.CreateTables(
            models=[
                migrations.CreateModel(
                    name='Look',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='人员')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.post', verbose_name='岗位')),
                        ('seen_at', models.DateTimeField(verbose_name='看到')),
                    ],
                    options={
                        'verbose_name': '通知已读',
                        'verbose_name_plural': '通知已读',
                        'constraints': [models.UniqueConstraint(fields=('user', 'post'), name='one_look_a_person_a_post')],
                        'indexes': [],
                    },
                ),
            ],
        ),
    ]
