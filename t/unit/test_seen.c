/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_seen.c - which queue ids were met before */
#include "unit.h"

#include "base/hash.h"
#include "look/seen.h"

#define MANY 500000

static void
test_seen(void **state)
{
	struct seen *s = seen_new();
	unsigned int wrong = 0;
	uint64_t i;

	(void)state;
	assert_non_null(s);
	assert_false(seen_has(s, 0));
	for (i = 0; i < MANY; i++)
		seen_add(s, hash_bytes(&i, sizeof(i), 7));
	for (i = 0; i < MANY; i++)
		assert_true(seen_has(s, hash_bytes(&i, sizeof(i), 7)));
	for (; i < 2 * MANY; i++)
		wrong += seen_has(s, hash_bytes(&i, sizeof(i), 7));
	/* One in 240000 is what is promised. */
	assert_in_range(wrong, 0, 10);
	seen_clear(s);
	for (i = 0; i < MANY; i++)
		assert_false(seen_has(s, hash_bytes(&i, sizeof(i), 7)));
	seen_free(s);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seen),
	};

	return UNIT_RUN(tests);
}
