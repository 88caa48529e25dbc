"""What people are told, in one language and for no platform in particular."""
