"""Work areas of service organisations: orders received, answered, proved and rated (INF-19, plan 四（一）)."""
