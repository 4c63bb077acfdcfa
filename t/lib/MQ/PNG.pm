# SPDX-License-Identifier: GPL-3.0-or-later
# PNG.pm - how many pixels of an image have a colour
#
# For what rrdtool draws: eight bits a channel, RGB with or without alpha, not
# interlaced. Core modules only.
package MQ::PNG;
use strict;
use warnings;

use Exporter qw(import);
use IO::Uncompress::Inflate ();

our @EXPORT = qw(png_pixels);

# png_pixels($png, 'rrggbb'): dies when it is no such image.
sub png_pixels {
	my ($png, $colour) = @_;
	my ($width, $height, $depth, $type) = unpack 'x16NNCC', $png;
	my $channels = {2 => 3, 6 => 4}->{$type // ''};
	die "not such a PNG\n" if $png !~ /^\x89PNG\r\n\x1a\n/
	    || !$channels || $depth != 8;
	my ($data, $raw, $at) = ('', '', 8);
	while ($at + 12 <= length $png) {
		my ($n, $name) = unpack 'Na4', substr $png, $at, 8;
		$data .= substr $png, $at + 8, $n if $name eq 'IDAT';
		$at += 12 + $n;
	}
	IO::Uncompress::Inflate::inflate(\$data => \$raw) or die "no data\n";

	my @wanted = map { hex } $colour =~ /../g;
	my ($found, $stride) = (0, 1 + $width * $channels);
	my @above = (0) x ($width * $channels);
	for my $y (0 .. $height - 1) {
		my ($filter, @line) = unpack 'C*', substr $raw, $y * $stride,
		    $stride;
		for my $x (0 .. $#line) {
			my $left = $x < $channels ? 0 : $line[$x - $channels];
			my $corner = $x < $channels ? 0 : $above[$x - $channels];
			$line[$x] = ($line[$x] + _predicted($filter, $left,
			    $above[$x], $corner)) & 255;
		}
		for my $x (map { $_ * $channels } 0 .. $width - 1) {
			$found++ if $line[$x] == $wanted[0]
			    && $line[$x + 1] == $wanted[1]
			    && $line[$x + 2] == $wanted[2];
		}
		@above = @line;
	}
	return $found;
}

# What a byte is relative to: PNG specification, 9.2.
sub _predicted {
	my ($filter, $left, $above, $corner) = @_;
	return 0 if $filter == 0;
	return $left if $filter == 1;
	return $above if $filter == 2;
	return int(($left + $above) / 2) if $filter == 3;
	my $p = $left + $above - $corner;
	my ($l, $a, $c) = map { abs($p - $_) } $left, $above, $corner;
	return $l <= $a && $l <= $c ? $left : $a <= $c ? $above : $corner;
}

1;
