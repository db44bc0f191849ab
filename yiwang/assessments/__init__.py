"""Individual assessments: scored forms in versions, a grade that ends, what it entitles to (QUA-04)."""
