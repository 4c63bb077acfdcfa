/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_statuskey.c - a reason is short, folds to itself, and has lost what
 * differs
 */
#include <ctype.h>
#include <string.h>

#include "fuzz.h"

#include "mail/statuskey.h"

/* Other digits from the sixth of a row on are the same reason. */
static void
other_digits(const char *text, size_t n, struct span key)
{
	char other[4096], room[STATUSKEY_MAX];
	struct span same;
	size_t i, row = 0;

	if (n > sizeof(other))
		return;
	for (i = 0; i < n; i++) {
		row = isdigit((unsigned char)text[i]) ? row + 1 : 0;
		other[i] = text[i];
		if (row > 5)
			other[i] = (char)('0' + '9' - text[i]);
	}
	same = statuskey_fold((struct span){ other, n }, room);
	FUZZ_MUST(same.n == key.n && memcmp(same.p, key.p, key.n) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const char *text = n != 0 ? (const char *)bytes : NULL;
	char room[STATUSKEY_MAX], again[STATUSKEY_MAX];
	struct span key = statuskey_fold((struct span){ text, n }, room), same;
	size_t i;
	bool blank = true;

	for (i = 0; i < n; i++)
		blank = blank &&
		    ((unsigned char)text[i] <= ' ' || text[i] == 0x7f);
	FUZZ_MUST(key.p == room && key.n <= STATUSKEY_MAX);
	FUZZ_MUST((key.n == 0) == blank);
	for (i = 0; i < key.n; i++)
		FUZZ_MUST((unsigned char)key.p[i] >= ' ' && key.p[i] != 0x7f &&
		    key.p[i] != '@');
	same = statuskey_fold(key, again);
	FUZZ_MUST(same.n == key.n && memcmp(same.p, key.p, key.n) == 0);
	other_digits(text, n, key);
	return 0;
}
