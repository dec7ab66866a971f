"""What a cohort is made up of: facts around where a policy decides, and marks that it allows."""
