"""Queue numbers of service halls: drawn, called, shown and measured (取号排队, SVC-20)."""
