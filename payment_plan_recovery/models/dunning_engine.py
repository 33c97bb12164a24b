"""The dunning engine: one statement that gives every open claim its policy, level and reason."""
