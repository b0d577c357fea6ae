"""Runs unittest (or Django's runner) and leaves one JSON line per finished test in a report file.

Usage: unittest_report.py REPORT script FILE [ARGUMENT...]
       unittest_report.py REPORT unittest TEST_FILE...

The last line of a complete report is {"end": true}. Works on any Python 3, without dependencies.
"""

import json
import os
import runpy
import sys
import time
import unittest


class Report:
    def __init__(self, path):
        self.fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)
        self.process = os.getpid()
        self.started = {}
        self.status = {}

    def write(self, record):
        # Tests that fork inherit the report and must not write to it.
        if os.getpid() == self.process:
            os.write(self.fd, (json.dumps(record) + "\n").encode("ascii"))

    def start(self, test):
        self.started[id(test)] = time.time()

    def note(self, test, status):
        if id(test) not in self.started:
            # Outside of any test: setUpClass, setUpModule, a module that cannot be imported.
            self.write({"id": name_of(test), "status": status, "seconds": 0})
        elif self.status.get(id(test)) not in ("failed", "errored"):
            self.status[id(test)] = status

    def stop(self, test):
        started = self.started.pop(id(test), None)
        status = self.status.pop(id(test), None)
        if started is not None and status is not None:
            seconds = round(max(0.0, time.time() - started), 4)
            self.write({"id": name_of(test), "status": status, "seconds": seconds})


def name_of(test):
    # A subtest counts towards the test that holds it.
    test = getattr(test, "test_case", test)
    try:
        return str(test.id())
    except Exception:
        return str(test)


def install(report):
    """Wraps the methods of the base class, which every result class calls."""

    def wrap(name, before):
        original = getattr(unittest.TestResult, name)

        def wrapped(self, test, *arguments):
            before(test, *arguments)
            return original(self, test, *arguments)

        setattr(unittest.TestResult, name, wrapped)

    def sub_test(test, subtest, error):
        if error is not None:
            failed = issubclass(error[0], test.failureException)
            report.note(test, "failed" if failed else "errored")

    wrap("startTest", report.start)
    wrap("stopTest", report.stop)
    wrap("addSuccess", lambda test: report.note(test, "passed"))
    wrap("addFailure", lambda test, error: report.note(test, "failed"))
    wrap("addError", lambda test, error: report.note(test, "errored"))
    wrap("addSkip", lambda test, reason: report.note(test, "skipped"))
    wrap("addExpectedFailure", lambda test, error: report.note(test, "skipped"))
    wrap("addUnexpectedSuccess", lambda test: report.note(test, "failed"))
    wrap("addSubTest", sub_test)


def module_of(file):
    """Dotted name of a test file, with the folder it is found from put on the path."""
    folder, name = os.path.split(os.path.abspath(file))
    parts = [os.path.splitext(name)[0]]
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, package = os.path.split(folder)
        parts.insert(0, package)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return ".".join(parts)


def main():
    path, mode, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
    report = Report(path)
    install(report)
    code = 0
    try:
        if mode == "script":
            sys.argv = arguments
            sys.path[0] = os.path.dirname(os.path.abspath(arguments[0]))
            runpy.run_path(arguments[0], run_name="__main__")
        else:
            sys.path[0] = os.getcwd()
            names = [module_of(file) for file in arguments]
            unittest.main(module=None, argv=["python3 -m unittest"] + names)
    except SystemExit as end:
        code = end.code
    report.write({"end": True})
    sys.exit(code)


if __name__ == "__main__":
    main()
