"""Writing a new plugin's distribution: its names, its files from templates, the folder.

The templates are real files, in `templates/`: `common/` for every plugin, a folder for each
kind, `licences/`. A path and a text may hold `$name`, `$package` and the like
(`string.Template`); the ending `.template` keeps linters and test runners away.
"""
