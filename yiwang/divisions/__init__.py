"""The four levels of the city, their codes and their changes (plan part 五(一), requirements DIV)."""
