"""The repository: workflows, versions, translations and other files that the code does not read."""
