/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_seed.c - a number that nobody outside can guess */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

#include "base/seed.h"

static bool kernel_fails;
static unsigned char kernel_byte;

/* Stands before libc's: what the kernel gives, or that it gives nothing. */
int
getentropy(void *bytes, size_t n)
{
	if (kernel_fails) {
		errno = ENOSYS;
		return -1;
	}
	memset(bytes, kernel_byte++, n);
	return 0;
}

static int64_t
tell_wall(void *arg)
{
	(void)arg;
	return 1800000000;
}

static int64_t
tell_mono(void *arg)
{
	return *(const int64_t *)arg;
}

static void
test_kernel(void **state)
{
	int64_t ms = 0;
	const struct when_clock clock = { tell_wall, tell_mono, &ms };

	(void)state;
	kernel_byte = 0x5a;
	assert_true(seed_make(&clock) == UINT64_C(0x5a5a5a5a5a5a5a5a));
	assert_true(seed_make(&clock) == UINT64_C(0x5b5b5b5b5b5b5b5b));
}

/* Without the kernel: the time of day, the steady clock and the process. */
static void
test_fallback(void **state)
{
	int64_t ms = 7;
	const struct when_clock clock = { tell_wall, tell_mono, &ms };
	uint64_t seed;

	(void)state;
	kernel_fails = true;
	seed = seed_make(&clock);
	assert_true(seed ==
	    ((UINT64_C(1800000000) << 32 ^ UINT64_C(7) << 16) ^
		(uint64_t)getpid()));
	ms = 8;
	assert_true(seed_make(&clock) != seed);
	kernel_fails = false;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_fallback),
	};

	return UNIT_RUN(tests);
}
