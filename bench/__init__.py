"""`python -m bench`: how long the site's daily work takes, and how many queries, as data grows.

Each figure is the median of many repetitions through the whole WSGI application, middleware,
session and database connection included, in a scratch database that is made for the run and
removed after it. The goals are those of ../shared/design/performance.md.
"""
