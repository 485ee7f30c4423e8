"""Are the "never" claims true? Packages' own tests are run, and every call of a claimed function watched.

`claims` deduces, `packages` fetches and installs, `runs` runs the tests with the plugin in `watching`,
`report` counts and tells.
"""
