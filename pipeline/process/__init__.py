"""Children: processes that can be killed, are niced and limited, and whose answers are not trusted.

In: a task's name and a request in JSON. Out: its answer in JSON, or an error of ours.
May import: `domain`, `errors`.
"""
