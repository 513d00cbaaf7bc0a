"""The open record: one builder a data set, from a file that anybody can get to a small table that
can be shipped.

``axislib record --data DIR`` runs them (commands.py). What each file has to look like stands in
sources.json, whose code means which polity in which year in polities.csv, which pairs and
coalitions are asked about in pairs.csv and coalitions.csv. Nothing here is imported by ``import
axislib``.
"""
