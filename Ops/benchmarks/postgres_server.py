"""A PostgreSQL for a benchmark; with pgvector from PyPI (pgserver) where no other is named."""
import glob
import os
import subprocess
import sys
import time
import venv


def programs_of_pgserver(scratch):
    """Its folder of programs, installed below `scratch`."""
    venv.create(f"{scratch}/postgres", with_pip=True)
    subprocess.run([f"{scratch}/postgres/bin/pip", "install", "-q", "pgserver"], check=True, stdout=sys.stderr)
    return glob.glob(f"{scratch}/postgres/lib/*/site-packages/pgserver/pginstall/bin")[0]


class Postgres:
    """A server of its own on a socket; never as root."""

    def __init__(self, folder, programs):
        self.folder, self.programs = folder, programs
        self.user = ["unshare", "--user", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []
        self.data = f"{folder}/data"
        self.run("initdb", "-D", self.data, "-U", "t", "-A", "trust", "--no-sync")
        self.start()
        self.dsn = f"host={folder} user=t dbname=postgres"

    def run(self, program, *arguments):
        subprocess.run([*self.user, f"{self.programs}/{program}", *arguments], check=True, stdout=subprocess.DEVNULL)

    def start(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-l", f"{self.folder}/log", "-o",
                 f"-c listen_addresses='' -k {self.folder} -c max_wal_size=4GB", "start")

    def start_after_crash(self, seconds=30):
        """Backends outlive a postmaster that is killed by a while, and hold its memory until they notice."""
        for second in range(seconds):
            try:
                return self.start()
            except subprocess.CalledProcessError:
                if second == seconds - 1:
                    raise
                time.sleep(1)

    def stop(self, mode="fast"):
        self.run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def ask(self, *statements):
        words = [f"{self.programs}/psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", self.dsn]
        for statement in statements:
            words += ["-c", statement]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
