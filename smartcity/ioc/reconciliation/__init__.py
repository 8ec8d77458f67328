"""What we delivered beside what a destination holds, and the repair of the difference."""
