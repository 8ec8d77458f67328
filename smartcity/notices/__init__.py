"""What officers are told: at their desk, and by e-mail."""
