"""Ringback on Apache Spark: lists inputs, counts them on the executors, merges by tree reduction, writes the reports.

    spark-submit --files ringback ringback_spark.py INPUT... -o OUT [-- OPTIONS OF ringback report]

Spark schedules, retries and places; this job only runs the one binary, which travels with `--files`. Inputs are of any
Hadoop file system. Whole files are streamed into standard input. Large plain files are read in byte splits where reading
can start at any byte: on local and mounted paths, and elsewhere where pyarrow is installed.
"""

import argparse
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from urllib.parse import unquote, urlparse

# Endings of files that are taken for exports when a folder is read; the same as the program's own.
ENDINGS = "cef csv eml gz json jsonl leef log ndjson tally tsv txt xls xlsm xlsx zip".split()
# Those of them that byte splits can help with.
PLAIN = ("csv", "tsv", "txt", "log")
# Options of `ringback report` that bear on what is counted, and how many words each takes.
READING = {
    "-p": 1, "--profile": 1, "--time-zone": 1, "--date-order": 1, "--encoding": 1, "--endpoint": 1, "--layout": 1,
    "--keep-duplicates": 0, "--since": 1, "--until": 1,
}
# So many parts are merged by one task.
FAN_IN = 16


def say(text):
    print(f"ringback: {text}", file=sys.stderr, flush=True)


# ---- on the executors; everything that is needed travels in `job`


def binary(job):
    """The program, which `--files` put into the working folder of the executor, or a path that all machines have."""
    from pyspark import SparkFiles

    for path in (job["binary"], os.path.basename(job["binary"]), SparkFiles.get(os.path.basename(job["binary"]))):
        if os.path.isfile(path):
            if not os.access(path, os.X_OK):
                # Files that were shipped may lose the mark of a program.
                own = os.path.join(tempfile.gettempdir(), f"ringback-{os.getuid()}-{os.getpid()}")
                if not os.access(own, os.X_OK):
                    shutil.copy(path, own)
                    os.chmod(own, stat.S_IRWXU)
                return own
            return os.path.abspath(path)
    raise FileNotFoundError(f"{job['binary']}: it is on no machine; spark-submit --files ships it")


def shipped(job, folder):
    """The options of reading, with the files that they name written into a folder."""
    words = []
    for word in job["reading"]:
        if isinstance(word, dict):
            path = os.path.join(folder, word["name"])
            with open(path, "wb") as file:
                file.write(word["bytes"])
            word = path
        words.append(word)
    return words


def local_path(uri):
    """The path of an input that every machine sees under the same name; None of others."""
    parts = urlparse(uri)
    if parts.scheme in ("", "file"):
        return unquote(parts.path)
    return "/dbfs" + unquote(parts.path) if parts.scheme == "dbfs" and os.path.isdir("/dbfs") else None


def opened_at(uri, offset):
    """A reader that stands at a byte."""
    path = local_path(uri)
    if path is not None:
        file = open(path, "rb")
    else:
        from pyarrow import fs

        system, inside = fs.FileSystem.from_uri(uri)
        file = system.open_input_file(inside)
    file.seek(offset)
    return file


def hadoop_cat(job, uri, folder):
    """A process that writes a file of any Hadoop file system to its standard output: Spark brings its classes along.

    The client wants a site file where it looks for settings; the folder gets an empty one, which comes last.
    """
    import pyspark

    home = os.environ.get("SPARK_HOME") or os.path.dirname(pyspark.__file__)
    java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
    with open(os.path.join(folder, "core-site.xml"), "w", encoding="utf-8") as file:
        file.write("<configuration/>\n")
    places = [os.environ.get("HADOOP_CONF_DIR"), os.path.join(home, "jars", "*"), folder]
    words = [java, "-cp", os.pathsep.join(place for place in places if place), "org.apache.hadoop.fs.FsShell"]
    for name, value in job["hadoop"]:
        words += ["-D", f"{name}={value}"]
    return subprocess.Popen(words + ["-cat", uri], stdout=subprocess.PIPE)


def run(words, feed=None):
    """Runs the program to its end; what it says on standard error is told where it fails."""
    process = subprocess.Popen(
        words, stdin=subprocess.PIPE if feed else subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    if feed:
        try:
            feed(process.stdin)
            process.stdin.close()
        except BrokenPipeError:
            pass
    errors = process.stderr.read().decode("utf-8", "replace")
    # 1: nothing of the input could be read. That is said in the part, and so in the report.
    written = os.path.exists(words[words.index("-o") + 1])
    if process.wait() not in (0, 3) and not (process.returncode == 1 and written):
        raise RuntimeError(f"{' '.join(words[:2])}: {process.returncode}: {errors}")


def stretch(uri, begin, end):
    """Feeds the bytes of a file from one to another."""

    def feed(pipe):
        with opened_at(uri, begin) as file:
            left = end - begin
            while left > 0:
                block = file.read(min(left, 1 << 20))
                if not block:
                    raise EOFError(f"{uri} ends before byte {end}")
                pipe.write(block)
                left -= len(block)

    return feed


def whole(job, uri, folder):
    """Feeds all bytes of a file."""

    def feed(pipe):
        path = None if job["through_hadoop"] else local_path(uri)
        if path is not None:
            with open(path, "rb") as file:
                shutil.copyfileobj(file, pipe, 1 << 20)
            return
        cat = hadoop_cat(job, uri, folder)
        shutil.copyfileobj(cat.stdout, pipe, 1 << 20)
        if cat.wait() != 0:
            raise RuntimeError(f"{uri} could not be read to its end")

    return feed


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def scanned(job, split):
    """What a split says to whoever plans the splits of its file."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "scan")
        begin, end = split["from"], split["to"]
        words = [binary(job), "scan", "-", "--bytes", f"{begin}-{end}", "-o", out]
        run(words, stretch(split["uri"], begin, end))
        return split["uri"], contents(out)


def counted(job, task):
    """The part of a file or of a split."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "part")
        words = [binary(job), "tally", "-q", "--threads", "1", "--name", task["name"], "-o", out]
        words += shipped(job, folder)
        if "plan" not in task:
            run(words + ["--", "-"], whole(job, task["uri"], folder))
            return contents(out)
        plan = os.path.join(folder, "plan")
        with open(plan, "wb") as file:
            file.write(task["plan"])
        words += ["--plan", plan, "--bytes", f"{task['from']}-{task['to']}"]
        run(words + ["--", "-"], stretch(task["uri"], task["from"], task["read_to"] or task["from"]))
        return contents(out)


def merged(job, parts):
    """Some parts as one; none of none."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for part in parts:
            paths.append(os.path.join(folder, f"{len(paths)}.tally"))
            with open(paths[-1], "wb") as file:
                file.write(part)
        if len(paths) < 2:
            return [contents(path) for path in paths]
        out = os.path.join(folder, "all.tally")
        run([binary(job), "merge", "-q", "--threads", "1", "-o", out] + paths)
        return [contents(out)]


# ---- on the driver


def listed(spark, inputs):
    """The files that the inputs lead to: (URI, size), each once, in order."""
    jvm, conf = spark._jvm, spark._jsc.hadoopConfiguration()
    found = {}
    for text in inputs:
        path = jvm.org.apache.hadoop.fs.Path(text)
        system = path.getFileSystem(conf)
        statuses = system.globStatus(path)
        if statuses is None or len(statuses) == 0:
            sys.exit(f"error: {text} is not there")
        for status in statuses:
            if status.isFile():
                found[status.getPath().toUri().toString()] = status.getLen()
                continue
            files = system.listFiles(status.getPath(), True)
            while files.hasNext():
                file = files.next()
                name = file.getPath().getName()
                if not name.startswith(".") and name.rpartition(".")[2].lower() in ENDINGS:
                    found[file.getPath().toUri().toString()] = file.getLen()
    if not found:
        sys.exit("error: no exports found")
    return sorted(found.items())


def names(uris):
    """The name of each file, relative to the deepest folder that holds all, as one run of the program has it."""
    paths = {uri: unquote(urlparse(uri).path) for uri in uris}
    shared = os.path.commonpath([os.path.dirname(path) for path in paths.values()])
    return {uri: os.path.relpath(path, shared) for uri, path in paths.items()}


def splits(files, size, job):
    """The byte splits of large plain files."""
    for uri, length in files:
        plain = uri.rpartition(".")[2].lower() in PLAIN
        if plain and length > 2 * size and can_seek(uri) and not job["through_hadoop"]:
            for begin in range(0, length, size):
                yield {"uri": uri, "from": begin, "to": min(begin + size, length)}


def can_seek(uri):
    if local_path(uri) is not None:
        return True
    try:
        with opened_at(uri, 0):
            return True
    except Exception as why:  # whatever the file system says, the file is read as a whole instead
        say(f"{uri} is read as a whole: {why}")
        return False


def planned(job, uri, scans, folder):
    """The plan of a file's splits, as bytes and as what is in it; nothing where its splits can not be planned."""
    paths = []
    for scan in scans:
        paths.append(os.path.join(folder, f"{len(paths)}.scan"))
        with open(paths[-1], "wb") as file:
            file.write(scan)
    out = os.path.join(folder, "plan")
    words = [job["local_binary"], "plan", "-q", "--json", "--force", "-o", out] + job["local_reading"] + ["--"] + paths
    made = subprocess.run(words, capture_output=True, check=False)
    if made.returncode != 0:
        # A file that fits no layout, or that is something else than its name says: reading it as a whole tells.
        say(f"{uri} is read as a whole: {made.stderr.decode('utf-8', 'replace').strip()}")
        return None
    return contents(out), json.loads(made.stdout)


def tasks(context, job, files, size):
    """What is to be counted: whole files, and the splits of large ones."""
    called = names([uri for uri, _ in files])
    wanted = list(splits(files, size, job))
    scans = {}
    if wanted:
        say(f"looking at {len(wanted)} splits")
        for uri, scan in context.parallelize(wanted, len(wanted)).map(lambda split: scanned(job, split)).collect():
            scans.setdefault(uri, []).append(scan)
    todo = []
    for uri, length in files:
        with tempfile.TemporaryDirectory() as folder:
            plan = planned(job, uri, scans[uri], folder) if uri in scans else None
        if plan is None:
            todo.append((length, {"uri": uri, "name": called[uri]}))
            continue
        for split in plan[1]["splits"]:
            read = (split["read_to"] or 0) - (split["read_from"] or 0)
            task = {"uri": uri, "name": called[uri], "plan": plan[0], **split}
            todo.append((read, task))
    # Long ones first, so that no executor waits long for the last.
    todo.sort(key=lambda one: (-one[0], one[1]["uri"], one[1].get("from", 0)))
    return [task for _, task in todo]


def reduced(job, parts):
    """Merges the parts of an RDD in a tree; what is left is one part."""
    left = parts.getNumPartitions()
    parts = parts.mapPartitions(lambda some: merged(job, some))
    while left > 1:
        left = -(-left // FAN_IN)
        groups = left
        numbered = parts.mapPartitionsWithIndex(
            lambda number, some, groups=groups: ((number % groups, part) for part in some)
        )
        grouped = numbered.partitionBy(left, lambda group: group)
        parts = grouped.values().mapPartitions(lambda some: merged(job, some))
    return parts.collect()


def split_options(words):
    """The options of reading among those of `ringback report`."""
    reading, at = [], 0
    while at < len(words):
        name, _, inline = words[at].partition("=")
        takes = READING.get(name)
        if takes is not None:
            reading += words[at : at + 1 + (takes if not inline else 0)]
        at += 1 + (takes or 0 if not inline else 0)
    return reading


def with_files(words, shared):
    """Options as they travel: files that they name go along as their bytes, unless all machines see them."""
    if shared:
        return words
    return [
        {"name": f"{number}-{os.path.basename(word)}", "bytes": contents(word)} if os.path.isfile(word) else word
        for number, word in enumerate(words)
    ]


def put(spark, local, out):
    """Moves what was written to where it was asked for."""
    jvm, conf = spark._jvm, spark._jsc.hadoopConfiguration()
    target = jvm.org.apache.hadoop.fs.Path(out)
    system = target.getFileSystem(conf)
    system.mkdirs(target)
    for name in sorted(os.listdir(local)):
        source = jvm.org.apache.hadoop.fs.Path("file://" + os.path.join(local, name))
        system.copyFromLocalFile(False, True, source, jvm.org.apache.hadoop.fs.Path(target, name))
        say(f"wrote {out.rstrip('/')}/{name}")


def arguments():
    words, report = sys.argv[1:], []
    if "--" in words:
        at = words.index("--")
        words, report = words[:at], words[at + 1 :]
    parser = argparse.ArgumentParser(prog="ringback_spark.py", description=__doc__.splitlines()[0])
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="files, folders and patterns of any Hadoop file system")
    parser.add_argument("-o", "--output", required=True, help="a folder of any Hadoop file system")
    parser.add_argument("--binary", default="ringback", help="the program, as --files ships it or as all machines have it")
    parser.add_argument("--split", type=int, default=128 << 20, help="bytes of a split (134217728)")
    parser.add_argument(
        "--shared-files", action="store_true", help="all machines see the files that options name: a profile that names others"
    )
    parser.add_argument("--through-hadoop", action="store_true", help="stream local files through Hadoop's client too")
    parser.add_argument("--keep-part", action="store_true", help="write all.tally beside the reports")
    return parser.parse_args(words), report


def main():
    from pyspark.sql import SparkSession

    args, report = arguments()
    spark = SparkSession.builder.appName("ringback").getOrCreate()
    context = spark.sparkContext
    reading = split_options(report)
    hadoop = [(name[13:], value) for name, value in context.getConf().getAll() if name.startswith("spark.hadoop.")]
    job = {
        "binary": args.binary,
        "reading": with_files(reading, args.shared_files),
        "local_reading": reading,
        "hadoop": hadoop,
        "through_hadoop": args.through_hadoop,
    }
    job["local_binary"] = binary(job)
    files = listed(spark, args.inputs)
    todo = tasks(context, job, files, args.split)
    say(f"counting {len(files)} files in {len(todo)} tasks")
    [part] = reduced(job, context.parallelize(todo, len(todo)).map(lambda task: counted(job, task)))
    with tempfile.TemporaryDirectory() as folder:
        whole_part, written = os.path.join(folder, "all.tally"), os.path.join(folder, "reports")
        with open(whole_part, "wb") as file:
            file.write(part)
        os.mkdir(written)
        code = subprocess.run([job["local_binary"], "report", whole_part, "-o", written] + report, check=False).returncode
        if args.keep_part:
            shutil.copy(whole_part, written)
        if os.listdir(written):
            put(spark, written, args.output)
    spark.stop()
    sys.exit(code)


if __name__ == "__main__":
    main()
