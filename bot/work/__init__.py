"""What jobs do, step by step, free of any engine; and how what is owed reaches the listeners."""
