/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mta.c - what follows from the table of a mail server
 *
 * Pure, and owns nothing.
 */
#include <string.h>

#include "mail/mta.h"

const struct mta_dir *
mta_dir_named(const struct mta *mta, const char *subdir)
{
	size_t i;

	for (i = 0; i < mta->ndirs; i++)
		if (strcmp(mta->dirs[i].subdir, subdir) == 0)
			return &mta->dirs[i];
	return NULL;
}

bool
mta_has_subdir(const struct mta *mta, const char *subdir)
{
	return mta_dir_named(mta, subdir) != NULL ||
	    (mta->body_subdir != NULL &&
		strcmp(mta->body_subdir, subdir) == 0) ||
	    (mta->log_subdir != NULL && strcmp(mta->log_subdir, subdir) == 0);
}

enum mta_state
mta_state(const struct mta *mta, const struct mta_dir *dir, const char *name)
{
	struct mta_entry entry;

	mta->classify(dir, name, strlen(name), 0, &entry);
	return entry.state;
}

/*
 * An id is the same part of a name in each kind of directory.  The name may be
 * a path from there.
 */
struct span
mta_id(const struct mta *mta, const char *name)
{
	const char *slash = strrchr(name, '/');
	struct mta_entry entry;

	if (slash != NULL)
		name = slash + 1;
	mta->classify(mta->dirs, name, strlen(name), 0, &entry);
	return entry.id;
}
