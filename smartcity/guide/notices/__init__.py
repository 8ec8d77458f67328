"""What disturbs daily life in some communes: no power, no water, a road closed."""
