# Sourced by the other scripts: a Python that is new enough, and a virtual environment with this project in it.
# Says in one line what is missing when it cannot go on.

here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)

stop() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    exit 2
}

# Print the first Python >= 3.11 among $PYTHON, python3 and the versioned names.
find_python() {
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    stop 'Python 3.11 or newer is needed and was not found. Install it, or name one: PYTHON=/path/to/python3.'
}

# is_usable FOLDER: whether it holds an environment that was made to the end, here, with this Python.
is_usable() {
    [ "$1" = "$(cat "$1/made" 2>/dev/null)" ] &&
        [ "$("$python" --version)" = "$("$1/bin/python" --version 2>/dev/null)" ] &&
        "$1/bin/python" -c 'import pip' 2>/dev/null
}

# make_environment FOLDER [PIP ARGUMENT...]: create the environment and install; done again only when
# the project file or the arguments have changed.
make_environment() {
    folder=$1
    shift
    python=$(find_python) || exit 2
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        stop "$python has no venv module. On Debian and Ubuntu: apt-get install python3-venv"
    wanted=$("$python" --version && printf '%s ' "$folder" "$@" && cat "$here/pyproject.toml") || exit 2
    if [ -f "$folder/installed" ] && [ "$wanted" = "$(cat "$folder/installed")" ]; then
        return
    fi
    rm -f "$folder/installed"
    is_usable "$folder" || "$python" -m venv --clear "$folder" || stop "the virtual environment $folder cannot be made"
    printf '%s' "$folder" >"$folder/made"
    printf 'installing into %s ...\n' "$folder" >&2
    PIP_DISABLE_PIP_VERSION_CHECK=1 "$folder/bin/python" -m pip install -q "$@" >"$folder/pip.log" 2>&1 || {
        tail -n 5 "$folder/pip.log" >&2
        stop "packages cannot be installed: is there a network, or a package index (PIP_INDEX_URL)? All of pip's output: $folder/pip.log"
    }
    printf '%s' "$wanted" >"$folder/installed"
}

# make_test_environment FOLDER [PIP ARGUMENT...]: with real editors and a server of models as well, where PyPI
# has builds of them.
make_test_environment() {
    python=$(find_python) || exit 2
    test_folder=$1 extras=test
    shift
    case $("$python" -c 'import sysconfig as s; print(s.get_platform(), s.get_config_var("SOABI"))') in
    linux-x86_64*-gnu | macosx-*) extras=test,editors,local ;;
    esac
    make_environment "$test_folder" -e ".[$extras]" "$@"
}
