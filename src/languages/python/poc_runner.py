"""Runs a PoC as the main program and says in a file whether it came to its own end.

Usage: poc_runner.py SCRIPT END_FILE, with the word for the file on standard input.

The word is left when the script's last line was reached, or when the script itself (or a test runner that it called)
asked to exit with success; the word and " failed" when an error ended it or it asked to exit with failure. Nothing is
left when code below the current folder, which is the repository under repair, or evaluated text ended the process, or
when anyone did so without the interpreter's knowledge: by os._exit. Works on any Python 3, without dependencies.
"""

import os
import sys


def take_word():
    word = b""
    while True:
        piece = os.read(0, 4096)
        if not piece:
            break
        word += piece
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return word.strip()


def new_main(script):
    """A fresh __main__, so that the script sees what it would see when started directly."""
    module = type(sys)("__main__")
    module.__file__ = script
    module.__builtins__ = __builtins__
    module.__loader__ = type(__loader__)("__main__", script)
    sys.modules["__main__"] = module
    return module.__dict__


def main():
    script, end_file = sys.argv[1:]
    sys.argv = [script]
    word = take_word()
    tree = os.path.join(os.path.realpath(os.getcwd()), "")
    failed = word + b" failed"
    process = os.getpid()
    # Taken now: the repository's code may put something else in their place.
    open_, write, exit_, getpid, real = os.open, os.write, sys.exit, os.getpid, os.path.realpath
    exc_info = sys.exc_info
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC

    def leave(text):
        # A forked child comes to the script's end too.
        if getpid() == process:
            write(open_(end_file, flags, 0o644), text)

    def in_tree(traceback):
        while traceback is not None:
            name = traceback.tb_frame.f_code.co_filename
            # A path in any case: text that is evaluated, `<string>`, is nobody's but the tree's.
            if not name.startswith("<frozen ") and real(name).startswith(tree):
                return True
            traceback = traceback.tb_next
        return False

    with open(script, "rb") as file:
        source = file.read()
    names = new_main(script)
    try:
        code = compile(source, script, "exec", dont_inherit=True)
    except SyntaxError as error:
        sys.excepthook(type(error), error.with_traceback(None), None)
        exit_(1)
    try:
        exec(code, names)
    except SystemExit as end:
        # Not the exception's attribute, which its class can define.
        if not in_tree(exc_info()[2].tb_next):
            leave(word if end.code in (None, 0) else failed)
        exit_(end.code)
    except BaseException as error:
        # Without the frame of this runner.
        traceback = error.__traceback__.tb_next
        leave(failed)
        sys.excepthook(type(error), error.with_traceback(traceback), traceback)
        exit_(1)
    leave(word)


if __name__ == "__main__":
    main()
