/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flushfloor.c - the system calls that taking a relay's mail out needs
 *
 * flushfloor hold|move|delete DIR RELAY JOURNAL TO
 *
 * Reads the control files of a flat queue DIR, and does to those that hold the
 * text RELAY what qflush does, in batches of the same size: lock by both
 * kinds, look, read, write a new file, journal, sync, look again, rename or
 * unlink.  One thread, fixed buffers, no parsing, no checks: only what the
 * kernel takes.  TO is an existing directory.  Prints how many there were.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH 256
#define TEXT  8192
#define LINE  120 /* of the journal */

struct item {
	char name[24];
	int fd, new_fd;
	struct stat st;
};

static struct item *names;
static size_t nnames;
static int dir, to, journal;
static char text[TEXT], lines[BATCH * LINE];

/* The names whose files hold the relay. */
static void
find(const char *path, const char *relay)
{
	DIR *d = opendir(path);
	const struct dirent *e;
	struct item *more;
	ssize_t n;
	int fd;

	if (d == NULL)
		err(1, "%s", path);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] != 'q' || e->d_name[1] != 'f' ||
		    strlen(e->d_name) >= sizeof(names->name))
			continue;
		fd = openat(dir, e->d_name,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOATIME);
		n = pread(fd, text, 4096, 0);
		close(fd);
		if (n <= 0 ||
		    memmem(text, (size_t)n, relay, strlen(relay)) == NULL)
			continue;
		if (nnames % 4096 == 0) {
			more = realloc(names, (nnames + 4096) * sizeof(*names));
			if (more == NULL)
				err(1, NULL);
			names = more;
		}
		memcpy(names[nnames++].name, e->d_name, strlen(e->d_name) + 1);
	}
	closedir(d);
}

static void
lock(int fd)
{
	struct flock whole = { .l_type = F_WRLCK };

	if (flock(fd, LOCK_EX | LOCK_NB) != 0 ||
	    fcntl(fd, F_OFD_SETLK, &whole) != 0)
		err(1, "lock");
}

static void
prepare(struct item *i, int hold)
{
	struct stat st;
	ssize_t n;

	if ((i->fd = openat(dir, i->name, O_RDWR | O_NOFOLLOW | O_NONBLOCK)) ==
		-1 ||
	    fstat(i->fd, &st) != 0)
		err(1, "%s", i->name);
	lock(i->fd);
	if (fstatat(dir, i->name, &i->st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    (n = pread(i->fd, text, sizeof(text), 0)) <= 0)
		err(1, "%s", i->name);
	i->new_fd = -1;
	if (!hold)
		return;
	i->name[0] = 'h';
	(void)fstatat(dir, i->name, &st, AT_SYMLINK_NOFOLLOW);
	i->name[0] = 'q';
	if ((i->new_fd = openat(dir, ".", O_TMPFILE | O_RDWR, 0600)) == -1)
		err(1, "O_TMPFILE");
	lock(i->new_fd);
	if (write(i->new_fd, text, (size_t)n) != n ||
	    fstat(i->new_fd, &st) != 0 ||
	    fchmod(i->new_fd, i->st.st_mode & 07777) != 0 ||
	    futimens(i->new_fd,
		(struct timespec[2]){ i->st.st_atim, i->st.st_mtim }) != 0)
		err(1, "%s", i->name);
}

static void
commit(struct item *i, char action)
{
	static const char new_name[] = ".qflush-qf";
	struct stat st;
	char name[sizeof(i->name)];

	memcpy(name, i->name, sizeof(name));
	(void)fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW);
	if (action == 'h') {
		name[0] = 'h';
		if (linkat(i->new_fd, "", dir, new_name, AT_EMPTY_PATH) != 0 ||
		    renameat(dir, new_name, dir, i->name) != 0 ||
		    renameat(dir, i->name, dir, name) != 0)
			err(1, "%s", i->name);
		close(i->new_fd);
	} else if (action == 'm') {
		(void)renameat2(dir, name, to, name, RENAME_NOREPLACE);
		name[0] = 'd';
		(void)renameat2(dir, name, to, name, RENAME_NOREPLACE);
	} else {
		(void)unlinkat(dir, name, 0);
		name[0] = 'd';
		(void)unlinkat(dir, name, 0);
		name[0] = 't';
		(void)unlinkat(dir, name, 0);
		name[0] = 'x';
		(void)unlinkat(dir, name, 0);
	}
	close(i->fd);
}

static void
batch(size_t first, size_t end, char action)
{
	off_t at = lseek(journal, 0, SEEK_CUR);
	size_t n = (end - first) * LINE, i;

	for (i = first; i < end; i++)
		prepare(&names[i], action == 'h');
	if (write(journal, lines, n) != (ssize_t)n || fdatasync(journal) != 0 ||
	    (action == 'h' && syncfs(dir) != 0))
		err(1, "sync");
	for (i = first; i < end; i++)
		commit(&names[i], action);
	if (pwrite(journal, lines, n, at) != (ssize_t)n)
		err(1, "journal");
}

int
main(int argc, char **argv)
{
	size_t i;

	if (argc != 6)
		errx(1, "usage: flushfloor ACTION DIR RELAY JOURNAL TO");
	dir = open(argv[2], O_RDONLY | O_DIRECTORY);
	to = open(argv[5], O_RDONLY | O_DIRECTORY);
	journal = open(argv[4], O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (dir == -1 || to == -1 || journal == -1)
		err(1, "open");
	memset(lines, '\n', sizeof(lines));
	find(argv[2], argv[3]);
	for (i = 0; i < nnames; i += BATCH)
		batch(i, i + BATCH < nnames ? i + BATCH : nnames, argv[1][0]);
	printf("%zu\n", nnames);
	free(names);
	return 0;
}
