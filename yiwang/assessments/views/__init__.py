"""Staff pages of individual assessments and of the forms they are made with."""
