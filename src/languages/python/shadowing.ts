/** Top-level modules of CPython 3.6 to 3.14. */
const standardLibrary = new Set(
  `
abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit audioop
base64 bdb binascii binhex bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code
codecs codeop collections colorsys compileall compression concurrent configparser contextlib
contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis
distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch
 fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip
hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools
json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes
mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers
opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform
plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data
pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select
selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3
sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau
 symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this
threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle
turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser
winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
`
    .trim()
    .split(/\s+/),
);

const privateModules = new Set([
  "__future__",
  "_collections_abc",
  "_sitebuiltins",
  "_strptime",
  "_weakrefset",
]);

/** What test runs import besides the standard library: runners, their parts and their plugins. */
const runners =
  /^(sitecustomize|usercustomize|pytest(_\w+)?|_pytest|py|pluggy|iniconfig|packaging|exceptiongroup|tomli|attrs?|pygments|coverage|xdist|execnet|nose2?|hypothesis|_hypothesis_\w+|mock|tox|nox|virtualenv|setuptools|pkg_resources|pip|runtests|django|asgiref|sqlparse)$/;

/** Folders that are put on the module path; see shell.ts. */
const pathFolders = /^(src\/|lib\/)?/;

/**
 * Why a new file must not be added: as a top-level module it would be loaded in place of one that the test run itself
 * needs. Modules within packages hide nothing.
 */
export function shadowedModule(path: string): string | null {
  const [top = "", ...rest] = path.toLowerCase().replace(pathFolders, "").split("/");
  const isPackage = rest.length === 1 && /^__init__\.\w+$/.test(rest[0] ?? "");
  if (rest.length > 0 && !isPackage) return null;
  const name = isPackage ? top : (/^(\w+)(\.[\w-]+)*\.(pyc?|pyw|so|pyd)$/.exec(top)?.[1] ?? "");
  const standard =
    standardLibrary.has(name) ||
    privateModules.has(name) ||
    (name.startsWith("_") && standardLibrary.has(name.slice(1)));
  if (standard) {
    return `it would be imported in place of Python's own module ${name}`;
  }
  return runners.test(name) ? `it would be imported in place of the module ${name} of the test run` : null;
}
