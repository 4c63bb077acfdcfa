/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_lock.c - both kinds of locks, taken and refused */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tree.h"

#include "mta/sendmail/lock.h"

static int
open_file(void)
{
	int fd = open("f", O_RDWR | O_CLOEXEC);

	assert_true(fd != -1);
	return fd;
}

/* What sendmail_lock_take() says of another's lock; how: 'f' or 'p'. */
static int
refused_by(char how, bool both)
{
	struct flock whole = { .l_type = F_WRLCK };
	int ready[2], end[2], fd, rc, status;
	char byte = 0;
	pid_t pid;

	assert_int_equal(pipe(ready) | pipe(end), 0);
	if ((pid = fork()) == 0) {
		close(end[1]);
		fd = open("f", O_RDWR);
		rc = how == 'f' ? flock(fd, LOCK_EX) :
				  fcntl(fd, F_SETLK, &whole);
		if (rc == 0)
			rc = write(ready[1], "", 1) != 1 ||
			    read(end[0], &byte, 1) != 0;
		_exit(rc != 0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	fd = open_file();
	rc = sendmail_lock_take(fd, both);
	close(fd);
	close(end[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(end[0]);
	close(ready[0]);
	close(ready[1]);
	return rc;
}

static void
test_take(void **state)
{
	int a, b;

	(void)state;
	tree_make("f");
	a = open_file();
	b = open_file();
	assert_int_equal(sendmail_lock_take(a, true), 0);
	/* Among threads, too: it is the open file that has the lock. */
	assert_int_equal(sendmail_lock_take(b, true), 1);
	assert_int_equal(sendmail_lock_take(a, true), 0);
	close(b);
	b = open_file();
	/* Closing another descriptor did not lose it. */
	assert_int_equal(sendmail_lock_take(b, true), 1);
	close(a);
	assert_int_equal(sendmail_lock_take(b, true), 0);
	close(b);
	assert_int_equal(sendmail_lock_take(-1, true), -1);
	assert_int_equal(errno, EBADF);
}

static void
test_others(void **state)
{
	(void)state;
	tree_make("f");
	assert_int_equal(refused_by('f', true), 1);
	assert_int_equal(refused_by('p', true), 1);
	assert_int_equal(refused_by('f', false), 1);
}

/* What others then see of ours. */
static void
test_seen(void **state)
{
	struct flock whole = { .l_type = F_WRLCK };
	int fd, other;

	(void)state;
	tree_make("f");
	fd = open_file();
	other = open_file();
	assert_int_equal(sendmail_lock_take(fd, true), 0);
	assert_int_equal(flock(other, LOCK_SH | LOCK_NB), -1);
	assert_int_equal(errno, EWOULDBLOCK);
	assert_int_equal(fcntl(other, F_GETLK, &whole), 0);
	/* A lock of this process does not refuse itself. */
	assert_int_equal(whole.l_type,
	    HAVE_DECL_F_OFD_SETLK ? F_WRLCK : F_UNLCK);
	close(other);
	close(fd);
}

static void
test_probe(void **state)
{
	int dir = open(".", O_RDONLY | O_DIRECTORY);
	bool both = false;

	(void)state;
	assert_int_equal(sendmail_lock_probe(dir, "probe", &both), 0);
#ifdef __linux__
	assert_true(both);
#endif
	assert_int_equal(access("probe", F_OK), -1);
	assert_int_equal(sendmail_lock_probe(-1, "probe", &both), -1);
	close(dir);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(test_take),
		TREE_TEST(test_others),
		TREE_TEST(test_seen),
		TREE_TEST(test_probe),
	};

	return UNIT_RUN(tests);
}
