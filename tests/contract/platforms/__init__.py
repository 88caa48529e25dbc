"""What all platforms do, as one suite that runs against each."""
