/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_linger.c - how long descriptors are kept, and how many */
#include <fcntl.h>
#include <unistd.h>

#include "unit.h"

#include "mta/sendmail/linger.h"

#define KEPT 3

static int64_t
tell_ms(void *arg)
{
	return *(const int64_t *)arg;
}

static int
new_file(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	assert_int_not_equal(fd, -1);
	return fd;
}

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) != -1;
}

static void
test_time(void **state)
{
	int64_t ms = 1000;
	const struct when_clock clock = { tell_ms, tell_ms, &ms };
	struct sendmail_linger l;
	int fd[3];

	(void)state;
	assert_int_equal(sendmail_linger_start(&l, &clock, 20, KEPT), 0);
	sendmail_linger_keep(&l, fd[0] = new_file());
	ms = 1019;
	sendmail_linger_keep(&l, fd[1] = new_file());
	assert_true(is_open(fd[0]));
	/* The first has had its time by now, the second has not. */
	ms = 1020;
	sendmail_linger_keep(&l, fd[2] = dup(fd[1]));
	assert_false(is_open(fd[0]));
	assert_true(is_open(fd[1]));
	sendmail_linger_drain(&l);
	assert_false(is_open(fd[1]));
	assert_false(is_open(fd[2]));
	sendmail_linger_end(&l);
}

/* No room: the oldest goes, but has had its time. */
static void
test_room(void **state)
{
	struct sendmail_linger l;
	int64_t began;
	int fd[2 * KEPT];
	size_t i;

	(void)state;
	assert_int_equal(sendmail_linger_start(&l, &when_system, 30, KEPT), 0);
	began = when_mono(&when_system);
	for (i = 0; i < KEPT; i++)
		sendmail_linger_keep(&l, fd[i] = new_file());
	for (i = 0; i < KEPT; i++)
		assert_true(is_open(fd[i]) ||
		    when_mono(&when_system) - began >= 30);
	sendmail_linger_keep(&l, fd[KEPT] = new_file());
	assert_true(when_mono(&when_system) - began >= 30);
	assert_true(is_open(fd[KEPT]));
	began = when_mono(&when_system);
	sendmail_linger_end(&l);
	/* Ending waits for the last one; clocks are cut to milliseconds. */
	assert_true(when_mono(&when_system) - began >= 28);
	assert_false(is_open(fd[KEPT]));
}

/* Nothing is to be kept. */
static void
test_none(void **state)
{
	struct sendmail_linger l;
	int fd;

	(void)state;
	assert_int_equal(sendmail_linger_start(&l, &when_system, 0, KEPT), 0);
	sendmail_linger_keep(&l, fd = new_file());
	assert_false(is_open(fd));
	sendmail_linger_end(&l);
	assert_int_equal(sendmail_linger_start(&l, &when_system, 60000, 0), 0);
	sendmail_linger_keep(&l, fd = new_file());
	assert_false(is_open(fd));
	sendmail_linger_drain(&l);
	sendmail_linger_end(&l);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_none),
	};

	return UNIT_RUN(tests);
}
