#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# mqc_many.t - a thousand hosts, every five seconds; t/real has a minute of it
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ::Fleet;
use Test::More;

MQ::Fleet::many(5, 4);
done_testing;
