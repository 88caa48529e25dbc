"""What people in a chat wait for, as jobs: progress, details, pages of a menu, answers that could not be given."""
