"""Where the kernel's errors get their words."""
