# Turns each carried file into one C source with a byte array, and writes the sorted index of them.
#
# The arrays hold the files byte for byte, so that line numbers and tracebacks agree with the tree. Run as a script
# (cmake -DIN=FILE -DOUT=FILE -DSYMBOL=NAME -P embed.cmake) it converts one file; included, it declares the rules.

if(CMAKE_SCRIPT_MODE_FILE)
  file(READ ${IN} bytes HEX)
  string(LENGTH "${bytes}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
  file(WRITE ${OUT} "#include <stddef.h>\nextern const unsigned char ${SYMBOL}[];\nextern const size_t ${SYMBOL}_size;\n"
                    "const unsigned char ${SYMBOL}[] = {\n${bytes}0};\nconst size_t ${SYMBOL}_size = ${size};\n")
  return()
endif()

set(NXLUA_EMBEDDED_SOURCES)
set(embed_rows)

# name: what it is asked for by; chunk: what Lua shows in messages
function(embed_file path name chunk)
  string(MAKE_C_IDENTIFIER "nx_data_${chunk}" symbol)
  set(out ${CMAKE_BINARY_DIR}/embed/${symbol}.c)
  add_custom_command(OUTPUT ${out} DEPENDS ${path} ${CMAKE_SOURCE_DIR}/src/embed.cmake VERBATIM
    COMMAND ${CMAKE_COMMAND} -DIN=${path} -DOUT=${out} -DSYMBOL=${symbol} -P ${CMAKE_SOURCE_DIR}/src/embed.cmake)
  set(NXLUA_EMBEDDED_SOURCES ${NXLUA_EMBEDDED_SOURCES} ${out} PARENT_SCOPE)
  set(embed_rows ${embed_rows} "${name} ${chunk} ${symbol}" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} lua/nx/*.lua)
foreach(file ${files})
  string(REGEX REPLACE "^lua/(.*)\\.lua$" "\\1" name ${file})
  string(REGEX REPLACE "/init$" "" name ${name})
  string(REPLACE "/" "." name ${name})
  embed_file(${CMAKE_SOURCE_DIR}/${file} ${name} ${file})
endforeach()
file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} scripts/*.lua lua/meta/*.lua lua/doc/*.md)
foreach(file ${files})
  string(REGEX REPLACE "^lua/" "" name ${file})
  embed_file(${CMAKE_SOURCE_DIR}/${file} ${name} ${file})
endforeach()

list(SORT embed_rows) # the blank sorts before every character of a name, as strcmp does with the end
set(declared)
set(index)
foreach(row ${embed_rows})
  string(REPLACE " " ";" cell ${row})
  list(GET cell 0 name)
  list(GET cell 1 chunk)
  list(GET cell 2 symbol)
  string(APPEND declared "extern const unsigned char ${symbol}[];\nextern const size_t ${symbol}_size;\n")
  string(APPEND index "  { \"${name}\", \"@${chunk}\", ${symbol}, &${symbol}_size },\n")
endforeach()
list(LENGTH embed_rows embed_count)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/embed/index.c CONTENT
"#include \"embedded.h\"\n${declared}const nx_embedded nx_embedded_index[] = {\n${index}};\nconst size_t nx_embedded_count = ${embed_count};\n")
list(APPEND NXLUA_EMBEDDED_SOURCES ${CMAKE_BINARY_DIR}/embed/index.c)
