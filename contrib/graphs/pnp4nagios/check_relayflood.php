<?php
# SPDX-License-Identifier: GPL-3.0-or-later
# check_relayflood.php - PNP4Nagios template: the largest relay, and the rest
#
# PNP gives an array for each property of the data sources ($NAME, $RRDFILE,
# $DS, $WARN, $CRIT), with the index from 1, and takes $opt, $def and $ds_name.
# No file has the name of a relay: it is in the text of the service.

# PNP sets these to FALSE, which PHP 8.1 no longer likes to make an array of.
$opt = $def = $ds_name = array();
$index = array_flip($NAME);

# The words that read one data source as $variable.
$source = function ($variable, $label, $cf = 'AVERAGE')
    use ($index, $RRDFILE, $DS) {
	$i = $index[$label];
	return "DEF:$variable=$RRDFILE[$i]:$DS[$i]:$cf ";
};

# Lines at the limits of the largest relay, as they are now: they follow the
# number of all messages.
$limits = '';
foreach (array('warning' => array($WARN, '#e6b800'),
    'critical' => array($CRIT, '#a50f15')) as $name => $level) {
	list($values, $color) = $level;
	$at = $values[$index['top_count']] ?? '';
	if (is_numeric($at))
		$limits .= "HRULE:$at$color:\"$name at $at messages\" ";
}

$ds_name[1] = 'Messages';
$opt[1] = '--lower-limit 0 --units-exponent 0 --vertical-label "messages" '
    . "--title \"$hostname / $servicedesc\" ";
$def[1] = $source('messages', 'messages')
    . $source('top', 'top_count')
    . $source('over', 'relays_over', 'MAX')
    . 'AREA:messages#9ecae1:"all messages " '
    . 'GPRINT:messages:LAST:"now %6.0lf" '
    . 'GPRINT:messages:MAX:"peak %6.0lf\l" '
    . 'AREA:top#fb6a4a:"largest relay" '
    . 'GPRINT:top:LAST:"now %6.0lf" '
    . 'GPRINT:top:MAX:"peak %6.0lf\l" '
    . 'LINE1:messages#2171b5 '
    . 'GPRINT:over:MAX:"relays over the limit\: peak %3.0lf\l" '
    . $limits . 'COMMENT:"\l" ';

$ds_name[2] = 'Share of the largest relay';
$opt[2] = '--lower-limit 0 --upper-limit 100 --rigid --vertical-label "%" '
    . "--title \"$hostname / $servicedesc: share of the largest relay\" ";
$def[2] = $source('share', 'top_share')
    . $source('sampled', 'sampled')
    . 'AREA:share#fb6a4a:"largest relay" '
    . 'GPRINT:share:LAST:"now %3.0lf %%" '
    . 'GPRINT:share:MAX:"peak %3.0lf %%\l" '
    . 'LINE1:sampled#636363:"read of the queue" '
    . 'GPRINT:sampled:LAST:"now %3.0lf %%\l" ';

$ds_name[3] = 'Oldest message of the other relays';
$opt[3] = '--lower-limit 0 --units-exponent 0 --vertical-label "minutes" '
    . "--title \"$hostname / $servicedesc: oldest message of the others\" ";
$def[3] = $source('seconds', 'oldest_other', 'MAX')
    . 'CDEF:minutes=seconds,60,/ '
    . 'AREA:minutes#a1d99b:"oldest" LINE1:minutes#238b45 '
    . 'GPRINT:minutes:LAST:"now %6.0lf" '
    . 'GPRINT:minutes:MAX:"peak %6.0lf minutes\l" ';
?>
